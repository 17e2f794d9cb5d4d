using System.Diagnostics.CodeAnalysis;

namespace OpCollector;

/// <summary>What came of a request: what was asked for, or what went wrong; always exactly one of the two.</summary>
internal sealed class Result<TValue, TFailure>
    where TFailure : class
{
    Result()
    {
    }

    TValue? Value { get; init; }

    TFailure? Failure { get; init; }

    public static implicit operator Result<TValue, TFailure>(TValue value) => new() { Value = value };

    public static implicit operator Result<TValue, TFailure>(TFailure failure) => new() { Failure = failure };

    /// <summary>Whether it is what was asked for; gives out that, or what went wrong.</summary>
    public bool Succeeded([MaybeNullWhen(false)] out TValue value, [MaybeNullWhen(true)] out TFailure failure)
    {
        (value, failure) = (Value, Failure);
        return failure is null;
    }
}
