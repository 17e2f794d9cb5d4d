using System.Net.Sockets;
using System.Security.Authentication;
using Npgsql;

namespace OpCollector.Storage.Postgres;

/// <summary>What an error of the database means for a run: an exit code, and what to do.</summary>
internal static class PostgresError
{
    /// <summary>Another transaction holds what this one wants.</summary>
    public static bool IsLocked(NpgsqlException ex) => ex.SqlState == PostgresErrorCodes.LockNotAvailable;

    const string IdleInTransaction = "25P03";
    const string IdleSession = "57P05";

    /// <summary>Whether the connection is gone, or none came about: what was asked may have been done or not.</summary>
    public static bool IsOfConnection(NpgsqlException ex) => ex is not PostgresException server
        || server.SqlState.StartsWith("08", StringComparison.Ordinal)
        || server.SqlState is PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown
            or PostgresErrorCodes.CannotConnectNow or IdleInTransaction or IdleSession;

    /// <param name="place">The host and the database.</param>
    public static Failure Classify(NpgsqlException ex, string place)
    {
        var (code, what) = ex is PostgresException server ? DescribeServer(server) : DescribeConnection(ex);
        return new Failure(code, $"The database {place} {what}", ex);
    }

    static (ExitCode Code, string What) DescribeConnection(NpgsqlException ex) => ex.InnerException switch
    {
        AuthenticationException => (
            ExitCode.Configuration,
            "has no TLS that state.postgres.connection accepts; give Root Certificate=…, or another SSL Mode"),
        TimeoutException => (ExitCode.HeldUp, "does not answer; progress is safe, the next run goes on"),
        SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain } => (
            ExitCode.HeldUp,
            "cannot be reached: nobody knows its host's name; is it right? Progress is safe, the next run goes on"),
        { } cause and (SocketException or IOException) => (
            ExitCode.HeldUp,
            $"cannot be reached: {SystemError.Describe(cause)}; progress is safe, the next run goes on"),
        _ when ex.Message.Contains("No password", StringComparison.Ordinal) => (
            ExitCode.Refused,
            "wants a password; put one into state.postgres.connection"),
        _ when ex.Message.Contains("SSL", StringComparison.Ordinal) => (
            ExitCode.Configuration,
            "offers no TLS; let it offer some, or say SSL Mode=Disable in state.postgres.connection"),
        _ => (ExitCode.HeldUp, "cannot be reached, or has closed the connection; progress is safe, the next run goes on"),
    };

    static (ExitCode Code, string What) DescribeServer(PostgresException ex) => ex.SqlState switch
    {
        PostgresErrorCodes.InvalidCatalogName => (ExitCode.Configuration, "does not exist; create it, or name another one"),
        PostgresErrorCodes.InsufficientPrivilege => (
            ExitCode.StateNotCreated,
            $"does not let this user create or use the schema ({Describe(ex)}); GRANT it CREATE on the database, or make the schema for it"),
        PostgresErrorCodes.ReadOnlySqlTransaction => (
            ExitCode.HeldUp,
            "is read-only, as a standby is; name the primary, or all hosts with Target Session Attributes=primary"),
        PostgresErrorCodes.DiskFull => (ExitCode.Disk, "has no space left; nothing is counted as written"),
        PostgresErrorCodes.TooManyConnections => (ExitCode.HeldUp, "has too many connections; progress is safe, the next run goes on"),
        ['2', '8', ..] => (ExitCode.Refused, "refuses the user or the password; fix state.postgres.connection"),
        ['0', '8', ..] or ['4', '0', ..] or ['5', '3', ..] or ['5', '5', ..] or ['5', '7', ..] => (
            ExitCode.HeldUp,
            $"is not ready ({Describe(ex)}); progress is safe, the next run goes on"),
        _ => (ExitCode.Disk, $"says no ({Describe(ex)}); nothing is counted as written"),
    };

    static string Describe(PostgresException ex) => $"{ex.SqlState}: {ForeignText.Clean(ex.MessageText)}";
}
