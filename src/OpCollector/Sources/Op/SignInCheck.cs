namespace OpCollector.Sources.Op;

/// <summary>Tries whether op signs in.</summary>
internal sealed class SignInCheck(Op op) : SourceCheck("sign-in")
{
    public override async Task<string> TryAsync(CancellationToken ct)
    {
        var generation = await op.SignedInAsync(ct);
        return $"op {generation.Version} as {generation.Account}";
    }
}
