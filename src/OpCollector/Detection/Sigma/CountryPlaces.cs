using NodaTime.TimeZones;

namespace OpCollector.Detection.Sigma;

/// <summary>Where a country is, about: in the middle of the places that name its time zones.</summary>
internal static class CountryPlaces
{
    static readonly Lazy<Dictionary<string, (double North, double East)>> Middles = new(() =>
        (TzdbDateTimeZoneSource.Default.ZoneLocations ?? [])
            .GroupBy(each => each.CountryCode)
            .ToDictionary(
                country => country.Key,
                country => (country.Average(each => each.Latitude), country.Average(each => each.Longitude))));

    /// <summary>Given its code or its name; null where it is not known.</summary>
    public static (double North, double East)? Find(string country) =>
        Countries.CodeOf(country) is { } code && Middles.Value.TryGetValue(code, out var middle) ? middle : null;
}
