create table touched (
    sighting_key text not null
)
