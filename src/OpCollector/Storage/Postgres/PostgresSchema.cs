using System.Globalization;
using Npgsql;

namespace OpCollector.Storage.Postgres;

/// <summary>
/// The tables, made on first use. The schema has a version: an older one is brought up to date, a newer one is refused (78).
/// </summary>
internal static class PostgresSchema
{
    /// <summary>
    /// What makes a schema of a version out of the one before. What was once released is never changed: another step is added.
    /// </summary>
    public static IReadOnlyList<string> Steps { get; } =
    [
        """
        CREATE TABLE {0}.lease (
            name text NOT NULL, work text NOT NULL, holder text NOT NULL, fence bigint NOT NULL, commits bigint NOT NULL,
            since timestamptz NOT NULL, until timestamptz NOT NULL, PRIMARY KEY (name, work));
        CREATE TABLE {0}.content (
            name text NOT NULL, file text NOT NULL, part bigint GENERATED ALWAYS AS IDENTITY, bytes bytea NOT NULL,
            written timestamptz NOT NULL DEFAULT clock_timestamp(), PRIMARY KEY (name, file, part));
        """,
        """
        CREATE TABLE {0}.quarantine (
            name text NOT NULL, id bigint GENERATED ALWAYS AS IDENTITY, key bytea NOT NULL, line bytea NOT NULL,
            added timestamptz NOT NULL, PRIMARY KEY (name, id));
        CREATE INDEX quarantine_key ON {0}.quarantine (name, key);
        """,
    ];

    /// <summary>The version of the schema; null where there is none.</summary>
    /// <param name="schema">Quoted.</param>
    public static int? Version(NpgsqlConnection connection, string schema)
    {
        // Not by to_regclass, which goes by what this connection knew before it waited for others.
        if (Scalar(
            connection,
            "SELECT EXISTS (SELECT FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace " +
                $"WHERE nspname = '{schema}' AND relname = 'version')") is not true)
        {
            return null;
        }

        return Scalar(connection, $"SELECT max(number) FROM {schema}.version") as int? ?? 0;
    }

    /// <summary>Refuses what a later version of the program has made.</summary>
    public static void RefuseNewer(int? version, string schema, string place)
    {
        if (version > Steps.Count)
        {
            throw new Failure(
                ExitCode.Configuration,
                $"The schema {schema} of the database {place} has version {version}, and this program knows {Steps.Count}; " +
                    "run the newer opcollector on this host too");
        }
    }

    /// <summary>Makes the tables, or what is missing of them, while nobody else does.</summary>
    public static void Ensure(NpgsqlConnection connection, string schema, string place)
    {
        var known = Version(connection, schema);
        RefuseNewer(known, schema, place);
        if (known == Steps.Count)
        {
            return;
        }

        using var transaction = connection.BeginTransaction();
        Execute(connection, $"SELECT pg_advisory_xact_lock(hashtext('opcollector {schema}'))");
        var version = Version(connection, schema);
        RefuseNewer(version, schema, place);
        if (version is null)
        {
            // To say "if not exists" takes the right to create one even where it does.
            if (Scalar(connection, $"SELECT NOT EXISTS (SELECT FROM pg_namespace WHERE nspname = '{schema}')") is true)
            {
                Execute(connection, $"CREATE SCHEMA {schema}");
            }

            Execute(connection, $"CREATE TABLE {schema}.version (number int NOT NULL)");
        }

        for (var step = version ?? 0; step < Steps.Count; step++)
        {
            Execute(connection, string.Format(CultureInfo.InvariantCulture, Steps[step], schema));
            Execute(connection, string.Create(CultureInfo.InvariantCulture, $"INSERT INTO {schema}.version VALUES ({step + 1})"));
        }

        transaction.Commit();
    }

    static object? Scalar(NpgsqlConnection connection, string sql)
    {
        using var command = Statement(connection, sql);
        return command.ExecuteScalar();
    }

    static void Execute(NpgsqlConnection connection, string sql)
    {
        using var command = Statement(connection, sql);
        command.ExecuteNonQuery();
    }

    // Of our own texts and a name of letters, digits and underscores alone.
    static NpgsqlCommand Statement(NpgsqlConnection connection, string sql)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // nothing of others is in it
        command.CommandText = sql;
#pragma warning restore CA2100
        return command;
    }
}
