-- planwise 0.1.0: shop <script>alert(1)</script>
-- Run the statements in order, outside a transaction.

-- #1 missing-index, saves 12 min an hour (41.2 % of the load)
-- Add an index on public.orders (customer_id, created_at)
CREATE INDEX CONCURRENTLY orders_customer_id_created_at_idx ON public.orders (customer_id, created_at);
