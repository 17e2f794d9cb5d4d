using OpCollector.Events;

namespace OpCollector.Access;

/// <summary>A person, a group or a vault, and what it is called, as far as events and lists say it.</summary>
internal sealed class Entity(NameKind kind, string uuid)
{
    // Itself, its place among the others, and three texts without their letters.
    const int Empty = 160;

    public NameKind Kind => kind;

    public string Uuid => uuid;

    public string? Name { get; private set; }

    public string? Email { get; private set; }

    /// <summary>How much memory it takes, about.</summary>
    public int Bytes => Empty + (2 * (uuid.Length + (Name?.Length ?? 0) + (Email?.Length ?? 0)));

    /// <summary>What to call it by in a sentence.</summary>
    public string Best => Name ?? Email ?? uuid;

    /// <summary>Takes over what somebody calls it; what they do not say stays as it is known.</summary>
    public void AddName(string? name, string? email) => (Name, Email) = (name ?? Name, email ?? Email);

    public bool IsCalled(string text) => text.Equals(uuid, StringComparison.OrdinalIgnoreCase)
        || text.Equals(Name, StringComparison.OrdinalIgnoreCase)
        || text.Equals(Email, StringComparison.OrdinalIgnoreCase);
}
