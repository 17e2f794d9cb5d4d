using OpCollector.Configuration;

namespace OpCollector.Sources.Op;

/// <summary>Reads a field of an item with <c>op read</c>, which op has since 2.0; op finds its own way in.</summary>
internal static class OpRead
{
    static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    // op's own: a service account, a Connect server, or a session of the user that runs us.
    static readonly string[] Passed = ["OP_SERVICE_ACCOUNT_TOKEN", "OP_CONNECT_HOST", "OP_CONNECT_TOKEN", "OP_ACCOUNT", "OP_CONFIG_DIR"];

    /// <summary>The field; never log, print or keep it.</summary>
    /// <param name="asked">Where the configuration asks for it.</param>
    /// <param name="reference">The <c>op://vault/item/field</c> of the item.</param>
    /// <exception cref="Failure">op is not there (78), or does not give it out (77).</exception>
    public static async Task<string> ReadAsync(
        ConfigurationMember asked,
        string reference,
        EnvironmentVariables environment,
        TimeProvider time,
        CancellationToken ct)
    {
        var place = $"source.{asked.Path.Split('.', 2)[^1]}";
        var path = OpExecutable.Find(
            "op", environment["PATH"], $"install the 1Password CLI 2, or give {place} in another way");
        var built = environment.Where(name =>
            OpEnvironment.Passes(name) || Passed.Contains(name) || name.StartsWith("OP_SESSION_", StringComparison.Ordinal));

        var answer = await new OpProcess(path, Timeout, time, place).RunAsync(["read", "--no-newline", reference], built, ct);
        if (answer.Text is not { Length: > 0 } field)
        {
            throw new Failure(
                ExitCode.Refused,
                $"op read of {place} failed: {OpFailure.ClassifyCall(answer).Text}; try it by hand as the user that cron runs "
                    + $"as: op read {reference}");
        }

        Redaction.Remember(field);
        return field;
    }
}
