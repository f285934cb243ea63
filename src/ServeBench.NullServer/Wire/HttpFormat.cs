using ServeBench.NullServer.Http;
using ServeBench.NullServer.Latency;
using ServeBench.NullServer.Serving;

namespace ServeBench.NullServer.Wire;

/// <summary>Answers over HTTP/1.</summary>
internal abstract class HttpFormat : IAnswerFormat
{
    public abstract string Name { get; }

    public virtual Func<Conversation> ConversationFactory(string body, NullServerOptions options, ServerModel model)
    {
        var answers = new HttpAnswers(
            Answer(body, "", options),
            Answer(body, "Connection: close\r\n", options),
            Answer(body, "Connection: keep-alive\r\n", options));
        return () => new HttpConversation(answers, model);
    }

    /// <summary>A whole answer with the status 200.</summary>
    /// <param name="json">What is answered.</param>
    /// <param name="fields">Further header fields, each with its line end.</param>
    /// <param name="options">What else decides it.</param>
    protected abstract byte[] Answer(string json, string fields, NullServerOptions options);
}
