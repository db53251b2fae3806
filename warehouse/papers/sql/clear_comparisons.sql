delete from core.comparisons
