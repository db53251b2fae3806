select data_path
from ducklake_settings($lake)
