UPDATE dim_customer SET is_current = false, valid_to = '2025-11-01' WHERE customer_no = 'C0004711' AND is_current;
