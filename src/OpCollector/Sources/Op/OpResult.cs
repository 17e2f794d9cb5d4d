using OpCollector.Events;

namespace OpCollector.Sources.Op;

/// <summary>What an answer of op means: a page, a list of names, a session's token, or a failure.</summary>
/// <param name="Names">As op printed it: a JSON list.</param>
internal sealed record OpResult(OpPage? Page = null, ReadOnlyMemory<byte>? Names = null, string? Token = null, OpFailure? Failure = null)
{
    public static OpResult ToList(OpAnswer answer) => OpPage.TryParse(answer) is { } page
        ? new OpResult(Page: page)
        : new OpResult(Failure: OpFailure.Classify(answer, isSignIn: false));

    /// <exception cref="Failure">op is content with what it printed, but it is no list (65).</exception>
    public static OpResult ToNames(OpAnswer answer, string command)
    {
        var failed = answer.ExitCode != 0 || OpFailure.IsTold(answer.Errors);
        try
        {
            if (PageJson.Slices(answer.Output, PageJson.MostNames).Count > 0 || !failed)
            {
                return new OpResult(Names: answer.Output);
            }
        }
        catch (NoJsonException noList) when (!failed)
        {
            throw new Failure(
                ExitCode.SourceData,
                $"{command} printed no list of names: {noList.Message} ({answer.Output.Length} "
                    + $"bytes{(answer.Output.Length <= ForeignText.Most ? $": {ForeignText.Clean(answer.Output.Span)}" : "")})",
                noList);
        }
        catch (NoJsonException)
        {
            // The failure tells more.
        }

        // What is advised there is about events, which are read well.
        return new OpResult(Failure: OpFailure.Classify(answer, isSignIn: false) with { Advice = "" });
    }

    /// <exception cref="Failure">op printed something else than a token (65).</exception>
    public static OpResult ToSignIn(OpAnswer answer)
    {
        var token = answer.Text;
        if (token.Length == 0)
        {
            return new OpResult(Failure: OpFailure.Classify(answer, isSignIn: true));
        }

        Redaction.Remember(token);
        return !token.Any(char.IsWhiteSpace)
            ? new OpResult(Token: token)
            : throw new Failure(
                ExitCode.SourceData,
                "op signin printed something else than a session token; is source.op.path the 1Password CLI?");
    }
}
