-- The portal's database and its role: psql --file deploy/postgresql.sql, as the superuser postgres.
-- Then set the password: \password portal
CREATE ROLE portal LOGIN;
CREATE DATABASE portal OWNER portal ENCODING 'UTF8' LOCALE 'C.UTF-8' TEMPLATE template0;
REVOKE ALL ON DATABASE portal FROM PUBLIC;
