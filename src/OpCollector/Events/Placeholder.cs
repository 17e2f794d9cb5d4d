namespace OpCollector.Events;

/// <summary>What a sentence leaves open; <c>vocabulary.json</c> says what each stands for.</summary>
internal enum Placeholder
{
    Actor,
    Object,
    Aux,
    AuxInfo,
    Role,
    Changes,
    Count,
    It,
    Action,
    Type,
}
