namespace Bus.Core.Topics;

/// <summary>The recipe of a topic actor.</summary>
internal static class TopicProps
{
    public static Props For(TopicRecord record) => BusSystem.OnDataPath(Props.Create(() => new TopicActor(record)));
}
