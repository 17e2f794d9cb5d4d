using System.Globalization;

namespace OpCollector.Detection.Sigma.Correlations;

/// <summary>Judges whether somebody could have come from one place to another in the time between.</summary>
internal static class ImpossibleTravel
{
    // As fast as an airliner, and farther than an address is mistaken for its neighbour.
    const double FastestKilometresPerHour = 900;
    const double NearestKilometres = 500;

    // Of a country only its middle is known.
    const double NearestCountries = 2000;
    const double RadiusOfEarth = 6371;
    const double RightAngle = 90;
    const double StraightAngle = 180;

    /// <summary>
    /// A place as a match keeps it: degrees of latitude and of longitude, <c>~</c> before them where only the country is known.
    /// </summary>
    public static string? PlaceOf(string? latitude, string? longitude, string? country)
    {
        if (Degrees(latitude) is not { } north || Degrees(longitude) is not { } east)
        {
            return country is not null && CountryPlaces.Find(country) is var (middle, along)
                ? string.Create(CultureInfo.InvariantCulture, $"~{middle:0.##} {along:0.##}")
                : null;
        }

        // One published example has them the other way round.
        (north, east) = Math.Abs(north) > RightAngle && Math.Abs(east) <= RightAngle ? (east, north) : (north, east);
        return Math.Abs(north) <= RightAngle && Math.Abs(east) <= StraightAngle && (north, east) != (0, 0)
            ? string.Create(CultureInfo.InvariantCulture, $"{north:0.##} {east:0.##}")
            : null;
    }

    /// <summary>The match before or behind the new one that is too far from it, and the new one.</summary>
    public static CorrelationMatch? Find(IReadOnlyList<RuleMatch> matches, int added)
    {
        return (added > 0 ? Between(matches[added - 1], matches[added]) : null)
            ?? (added + 1 < matches.Count ? Between(matches[added], matches[added + 1]) : null);
    }

    static CorrelationMatch? Between(RuleMatch one, RuleMatch other) =>
        TooFar(one, other) is { } kilometres ? new CorrelationMatch([one, other], (decimal)Math.Round(kilometres)) : null;

    static double? TooFar(RuleMatch one, RuleMatch other)
    {
        // Most people stay where they are.
        if (one.Value == other.Value)
        {
            return null;
        }

        var (from, to) = (Read(one.Value), Read(other.Value));
        var kilometres = Distance(from, to);
        var nearest = from.IsCountry || to.IsCountry ? NearestCountries : NearestKilometres;
        return kilometres > nearest && kilometres > FastestKilometresPerHour * (other.Time - one.Time).TotalHours ? kilometres : null;
    }

    static double Distance((double North, double East, bool IsCountry) from, (double North, double East, bool IsCountry) to)
    {
        static double Radians(double degrees) => degrees * Math.PI / StraightAngle;
        var (north, east) = (Radians(to.North - from.North), Radians(to.East - from.East));
        var half = Math.Pow(Math.Sin(north / 2), 2)
            + (Math.Cos(Radians(from.North)) * Math.Cos(Radians(to.North)) * Math.Pow(Math.Sin(east / 2), 2));
        return 2 * RadiusOfEarth * Math.Asin(Math.Min(1, Math.Sqrt(half)));
    }

    static (double North, double East, bool IsCountry) Read(string? place) =>
        place?.TrimStart('~').Split(' ') is [var north, var east] && Degrees(north) is { } up && Degrees(east) is { } along
            ? (up, along, place[0] == '~')
            : (0, 0, true);

    static double? Degrees(string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var degrees) && double.IsFinite(degrees)
            ? degrees
            : null;
}
