namespace Bus.Core.Topics;

/// <summary>The recipe of a topic actor. There is one for each filter, so it is kept small.</summary>
internal static class TopicProps
{
    public static Props For(TopicRecord record) => Props.CreateBounded(record, static record => new TopicActor((TopicRecord)record));
}
