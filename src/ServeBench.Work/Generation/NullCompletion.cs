namespace ServeBench.Work.Generation;

/// <summary>A piece of an answer that nobody computed, as an event of a streamed completion.</summary>
internal static class NullCompletion
{
    public const string Event =
        """{"id":"cmpl-null","object":"text_completion","created":0,"model":"null","choices":[{"index":0,"text":" whale","""
            + """ "logprobs":null,"finish_reason":null}]}""";
}
