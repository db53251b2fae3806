select value
from public.ducklake_metadata
where key = 'data_path'
