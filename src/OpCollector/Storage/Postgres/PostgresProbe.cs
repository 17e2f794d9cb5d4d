namespace OpCollector.Storage.Postgres;

/// <summary>Tries what a database must be good for, and leaves nothing there.</summary>
internal static class PostgresProbe
{
    const string Writing =
        """
        WITH content AS (DELETE FROM {0}.content WHERE false), quarantine AS (DELETE FROM {0}.quarantine WHERE false),
            lease AS (DELETE FROM {0}.lease WHERE false)
        """;

    const string Making =
        """
        WITH right_to AS (
            SELECT CASE WHEN to_regnamespace('{0}') IS NULL
                THEN has_database_privilege(current_database(), 'CREATE') ELSE has_schema_privilege('{0}', 'CREATE') END AS make)
        """;

    /// <param name="batch">In a transaction of its own.</param>
    /// <exception cref="Failure">It is a standby, keeps nothing over a crash, or lets this user make nothing.</exception>
    public static void Try(PostgresBatch batch, string place, bool isMade)
    {
        var trouble = batch
            .Add(
                $"""
                {(isMade ? Writing : Making)}
                SELECT CASE
                    WHEN current_setting('transaction_read_only') = 'on' THEN 'standby'
                    WHEN current_setting('fsync') = 'off' THEN 'fsync'
                    {(isMade ? "" : "WHEN NOT (SELECT make FROM right_to) THEN 'right'")} END
                """)
            .LastValue();
        if (trouble is not null)
        {
            throw trouble switch
            {
                "standby" => new Failure(
                    ExitCode.HeldUp,
                    $"The {place} is read-only, as a standby is; name the primary, or all hosts with Target Session Attributes=primary"),
                "fsync" => new Failure(
                    ExitCode.Disk,
                    $"The {place} runs with fsync = off: nothing could be counted as written there; set it to on"),
                _ => new Failure(
                    ExitCode.StateNotCreated,
                    $"The {place} lets this user make no tables; GRANT it CREATE on the database, or make the schema for it"),
            };
        }
    }
}
