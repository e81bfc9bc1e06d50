"""The standing free lines of a reseller (定型明細): what its people pick from in the form."""
