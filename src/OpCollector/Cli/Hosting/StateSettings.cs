using OpCollector.Configuration;
using OpCollector.Storage.Postgres;

namespace OpCollector.Cli.Hosting;

/// <summary>Where what is delivered is remembered: <c>state</c>. In a directory, or in PostgreSQL.</summary>
/// <param name="Directory">The directory of this host; null for the usual place.</param>
/// <param name="Postgres">The database; null where the directory keeps everything.</param>
internal sealed record StateSettings(string? Directory = null, PostgresSettings? Postgres = null)
{
    public static StateSettings Read(ConfigurationMember? state, EnvironmentVariables environment)
    {
        if (state is null)
        {
            return new StateSettings();
        }

        var settings = new StateSettings(
            state.Find("directory")?.AsPath(),
            state.Find("postgres") is { } postgres ? PostgresSettings.Read(postgres, environment) : null);
        state.RefuseOthers();
        return settings;
    }
}

/// <summary>The database that keeps the state: <c>state.postgres</c>.</summary>
/// <param name="Name">Which collector this is, of all that keep their state there.</param>
internal sealed record PostgresSettings(Secret Connection, string Name, string Schema)
{
    const string UsualSchema = "opcollector";
    const int LongestName = 100;
    const int LongestSchema = 48;

    public static PostgresSettings Read(ConfigurationMember postgres, EnvironmentVariables environment)
    {
        var settings = new PostgresSettings(
            Secret.Locate(postgres.Get("connection"), environment),
            NameIn(postgres.Get("name")),
            postgres.Find("schema") is { } schema ? SchemaIn(schema) : UsualSchema);
        postgres.RefuseOthers();
        return settings;
    }

    /// <summary>Where the database is. What is wrong with it is said without a word of it: the whole of it is a secret.</summary>
    /// <exception cref="Failure">The secret is not there, or is not an address (78).</exception>
    public PostgresAddress Address()
    {
        try
        {
            return PostgresAddress.Parse(Connection.Reveal());
        }
        catch (NoPostgresAddressException ex)
        {
            throw Connection.Place.Wrong($"{Connection.Origin} {ex.Message}");
        }
    }

    static string NameIn(ConfigurationMember name) =>
        name.AsText().Length <= LongestName && !name.AsText().Any(char.IsControl)
            ? name.AsText()
            : throw name.Wrong($"must be at most {LongestName} characters on one line");

    static string SchemaIn(ConfigurationMember schema) =>
        schema.AsText() is var text && text.Length <= LongestSchema && !char.IsAsciiDigit(text[0])
            && text.All(each => char.IsAsciiLetterLower(each) || char.IsAsciiDigit(each) || each == '_')
            ? text
            : throw schema.Wrong($"must be at most {LongestSchema} small letters, digits and underscores, and begin with no digit");
}
