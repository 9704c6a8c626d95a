using System.Collections;
using System.Reflection;
using Bus.Akka.Serialization;

namespace Bus.Tests.Akka.Serialization;

/// <summary>What is not allowed is neither written nor read, however it is wrapped.</summary>
public sealed class RefusalTests : Actors.ActorTestKit
{
    public static TheoryData<Type> Hidden => new(
        typeof(Secret), typeof(Secret[]), typeof(List<Secret>), typeof(Dictionary<string, Secret>), typeof(Holder<Secret>), typeof(Holder<Holder<Secret[]>>), typeof(Tuple<int, Secret>),
        typeof(KeyValuePair<Secret, int>), typeof(List<List<Secret>>), typeof(Poison), typeof(Holder<Poison>), typeof(int[,]), typeof(Queue<int>), typeof(ArrayList), typeof(Hashtable),
        typeof(Action), typeof(Func<int>), typeof(Exception), typeof(InvalidOperationException), typeof(AggregateException), typeof(Uri), typeof(System.Text.StringBuilder),
        typeof(System.Dynamic.ExpandoObject), typeof(System.Diagnostics.Process), typeof(FileInfo), typeof(CancellationTokenSource), typeof(Task), typeof(MemoryStream));

    [Fact]
    public void Nothing_is_allowed_unless_it_is_named()
    {
        var error = Assert.Throws<ArgumentException>(() => new HyperionBusSerializer(new HyperionSerializerOptions()));
        Assert.Contains("No type is allowed", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_framework_can_t_be_allowed_as_a_whole()
    {
        foreach (var assembly in new[] { typeof(object).Assembly, typeof(Uri).Assembly, typeof(ActorSystem).Assembly })
            Assert.Throws<ArgumentException>(() => new HyperionBusSerializer(new HyperionSerializerOptions { Assemblies = [assembly] }));
    }

    [Fact]
    public void What_can_never_be_sent_can_t_be_allowed()
    {
        foreach (var type in new[] { typeof(Action), typeof(Exception), typeof(IActorRef), typeof(Type), typeof(MethodInfo), typeof(FileStream), typeof(Queue<>) })
            Assert.Throws<ArgumentException>(() => new HyperionBusSerializer(new HyperionSerializerOptions { Types = [type] }));
    }

    [Fact]
    public void An_allowed_assembly_allows_its_types_but_not_their_delegates()
    {
        var serializer = new HyperionBusSerializer(new HyperionSerializerOptions { Assemblies = [typeof(Secret).Assembly] });
        Assert.Equal(new Secret("x"), serializer.Deserialize<Secret>(Wire.WriteUnchecked(new Secret("x"))));
        Assert.Throws<TypeNotAllowedException>(() => serializer.Deserialize<object>(Wire.Begin(Wire.NameOf(typeof(OwnDelegate)))));
        Assert.Throws<TypeNotAllowedException>(() => serializer.Deserialize<object>(Wire.Begin(Wire.NameOf(typeof(TestException)))));
    }

    [Fact]
    public void Writing_says_which_type_it_was_and_what_to_do()
    {
        var error = Refused(new Secret("x"));
        Assert.Contains(nameof(Secret), error.TypeName, StringComparison.Ordinal);
        Assert.Contains("allow-list", error.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(HyperionSerializerOptions), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_hidden_in_an_allowed_message_is_found_each_time()
    {
        var secret = new Secret("x");
        object[] wrapped =
        [
            secret, new[] { secret }, new List<object> { 1, secret }, new Dictionary<string, object> { ["a"] = secret }, new Holder<object>(secret), new Holder<Secret>(secret), new Pair(null, new Pair(secret, 1)),
            Tuple.Create<object>(secret), new KeyValuePair<int, object>(1, secret), (Action)(() => { }), new InvalidOperationException("x"), new int[2, 2], new Queue<int>([1]), TestActor,
        ];
        foreach (var value in wrapped)
        {
            Refused(new Pair(1, value));
            Refused(new Pair(1, value));
            Refused(value);
        }

        Assert.Equal(new Pair(1, 2), Wire.RoundTrip(new Pair(1, 2)));
    }

    [Fact]
    public void An_actor_reference_is_refused_with_what_to_send_instead() => Assert.Contains("topic", Refused(new Holder<IActorRef>(TestActor)).Message, StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(Hidden))]
    public void Reading_refuses_by_name(Type type)
    {
        for (var attempt = 0; attempt < 2; attempt++)
        {
            Assert.Throws<TypeNotAllowedException>(() => Wire.Strict.Deserialize<object>(Wire.Begin(Wire.NameOf(type), 0, 0, 0, 0)));
            Assert.Throws<TypeNotAllowedException>(() => Wire.Strict.Deserialize<object>(Wire.Begin(Wire.NameOf(typeof(Pair)), Wire.Begin(Wire.NameOf(type), 0, 0, 0, 0))));
        }
    }

    [Fact]
    public void What_an_unchecked_sender_writes_is_refused()
    {
        var secret = new Secret("x");
        foreach (var value in new object[] { secret, new[] { secret }, new List<Secret> { secret }, new Pair(1, secret), new Holder<Secret>(secret), new InvalidOperationException("x"), new Pair(typeof(Secret), 1) })
            Assert.Throws<TypeNotAllowedException>(() => Wire.Strict.Deserialize<object>(Wire.WriteUnchecked(value)));
    }

    [Fact]
    public void A_type_that_is_refused_is_not_initialised_and_its_assembly_not_loaded()
    {
        const string Unused = "System.Runtime.Serialization.Schemas";
        Assert.Throws<TypeNotAllowedException>(() => Wire.Strict.Deserialize<object>(Wire.Begin(Wire.NameOf(typeof(Poison)))));
        Assert.Throws<TypeNotAllowedException>(() => Wire.Strict.Deserialize<object>(Wire.Begin($"System.Runtime.Serialization.XsdDataContractExporter, {Unused}")));
        Assert.Equal(0, PoisonLog.Count);
        Assert.DoesNotContain(AppDomain.CurrentDomain.GetAssemblies(), assembly => assembly.GetName().Name == Unused);
    }

    [Theory]
    [InlineData("")]
    [InlineData("System.Int32*, System.Private.CoreLib")]
    [InlineData("System.Int32&, System.Private.CoreLib")]
    [InlineData("System.Int32[*], System.Private.CoreLib")]
    [InlineData("System.String")]
    [InlineData("System.String, Elsewhere")]
    [InlineData("Bus.Tests.Akka.Serialization.Pair, Elsewhere")]
    [InlineData("Bus.Tests.Akka.Serialization.Pair+Nested, Bus.Tests")]
    [InlineData("System.Collections.Generic.List`1[[System.Object, System.Private.CoreLib], System.Private.CoreLib")]
    [InlineData("System.Collections.Generic.List`1[[Bus.Tests.Akka.Serialization.Secret, Bus.Tests]],%core%")]
    [InlineData("Bus.Tests.Akka.Serialization.Pair, Bus.Tests, Version=9999.0.0.0, Culture=neutral, PublicKeyToken=null, Custom=x\0")]
    public void Odd_names_are_refused(string name) => Assert.ThrowsAny<Exception>(() => Wire.Strict.Deserialize<object>(Wire.Begin(name, 0, 0)));

    private static TypeNotAllowedException Refused(object value) => Assert.Throws<TypeNotAllowedException>(() => Wire.Write(value));

    private delegate void OwnDelegate();

    private sealed class TestException : Exception;
}
