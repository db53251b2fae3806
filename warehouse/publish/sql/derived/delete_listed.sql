delete from core.listed
