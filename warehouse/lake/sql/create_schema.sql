create schema lake
