using OpCollector.Configuration;

namespace OpCollector.Sources.Op;

/// <summary>What an answer of op means: a page, a session's token, or a failure.</summary>
internal sealed record OpReply(OpPage? Page = null, string? Token = null, OpFailure? Failure = null)
{
    public static OpReply ToList(OpAnswer answer) => OpPage.In(answer) is { } page
        ? new OpReply(Page: page)
        : new OpReply(Failure: OpFailure.Of(answer, isSignIn: false));

    /// <exception cref="Failure">op printed something else than a token (65).</exception>
    public static OpReply ToSignIn(OpAnswer answer)
    {
        var token = answer.Text;
        if (token.Length == 0)
        {
            return new OpReply(Failure: OpFailure.Of(answer, isSignIn: true));
        }

        Redaction.Remember(token);
        return !token.Any(char.IsWhiteSpace)
            ? new OpReply(Token: token)
            : throw new Failure(ExitCode.SourceData, "op signin printed something else than a session token; is source.op.path the 1Password CLI?");
    }
}
