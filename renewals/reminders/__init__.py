"""A reseller's rhythm: what the portal writes by itself, to customers and to its people, each once and on its day."""
