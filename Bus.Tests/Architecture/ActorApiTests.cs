using System.Runtime.CompilerServices;

namespace Bus.Tests.Architecture;

/// <summary>
/// The built-in runtime mirrors Akka.NET: whatever it makes public, Akka must have with the same signature, else source that compiles here does not
/// compile there. Akka's signatures are in akka-api.txt, so that the default build never needs Akka.
/// </summary>
public sealed class ActorApiTests
{
    [Fact]
    public void Every_public_type_and_member_is_one_of_Akkas()
    {
        var akka = AkkaApi.Read();
        var strangers = PublicTypes().SelectMany(type => Strangers(type, akka)).ToList();
        Assert.True(
            strangers.Count == 0,
            $"Akka has no such public types or members; make them internal, correct them, or add a missing line of Akka's to akka-api.txt:\n{string.Join('\n', strangers)}");
    }

    [Fact]
    public void The_list_holds_no_type_that_the_runtime_lacks()
    {
        var ours = PublicTypes().Select(ApiText.Name).ToHashSet(StringComparer.Ordinal);
        Assert.DoesNotContain(AkkaApi.Read().TypeNames, name => !ours.Contains(name));
    }

    [Fact]
    public void A_stranger_is_noticed()
    {
        var strangers = Strangers(typeof(Stranger), AkkaApi.Parse(["class Stranger", "  .ctor()", "  int Known { get; }", "  void Shorter(int a, string b = *)"]));
        Assert.Equal(["Stranger:   int Known { get; set; }", "Stranger:   string Unknown(int count = *)"], strangers.Order(StringComparer.Ordinal));
    }

    private static IEnumerable<Type> PublicTypes() =>
        typeof(ActorSystem).Assembly.GetTypes().Where(type => type.IsVisible && !type.IsDefined(typeof(CompilerGeneratedAttribute), false));

    private static IEnumerable<string> Strangers(Type type, AkkaApi akka)
    {
        var name = ApiText.Name(type);
        if (!akka.HasType(name, ApiText.Kind(type))) return [$"{ApiText.Kind(type)} {name}"];

        // What Akka declares in a base type or an interface, ours may declare in the derived one.
        var bases = Bases(type).Concat(type.GetInterfaces()).Select(ApiText.Name).ToList();
        return ApiText.Members(type).Where(member => !bases.Exists(b => akka.HasMember(b, member) || akka.HasMember(b, AsPublic(member)))).Select(member => $"{name}:   {member}");
    }

    /// <summary>Ours are abstract where Akka's are not, so their constructors may be protected where Akka's are public.</summary>
    private static string AsPublic(string member) => member.StartsWith("protected .ctor", StringComparison.Ordinal) ? member["protected ".Length..] : member;

    private static IEnumerable<Type> Bases(Type? type)
    {
        for (; type is not null; type = type.BaseType) yield return type;
    }

    private sealed class Stranger
    {
        public int Known { get; set; }

        public void Shorter(int a) => Known = a;

        public string Unknown(int count = 1) => $"{count}{Known}";
    }
}
