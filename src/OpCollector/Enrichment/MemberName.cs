namespace OpCollector.Enrichment;

/// <summary>The members of an event that its names and its sentence are made of.</summary>
internal enum MemberName
{
    /// <summary>Any other.</summary>
    None,
    Actor,
    Object,
    Aux,
    Vault,
    Item,
    Action,
    ObjectType,
    AuxInfo,
    Category,
    Type,
    ActorDetails,
    ObjectDetails,
    AuxDetails,
    User,
    Client,
    Details,

    /// <summary>Of a person, from here on.</summary>
    Uuid,
    Name,
    Email,
}
