delete from ops.manifest
