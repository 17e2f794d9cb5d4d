namespace OpCollector.Detection;

/// <summary>What can have a name.</summary>
internal enum KnownKind
{
    User,
    Group,
    Vault,
}
