namespace OpEmulator;

/// <summary>Ends a call of op early with the answer of a failure.</summary>
internal sealed class OpFailure(Answer answer) : Exception
{
    public Answer Answer { get; } = answer;
}
