"""The demo: invented papers on a digest site of this machine."""
