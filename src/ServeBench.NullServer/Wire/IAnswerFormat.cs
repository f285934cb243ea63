using ServeBench.Domain;
using ServeBench.NullServer.Latency;
using ServeBench.NullServer.Serving;

namespace ServeBench.NullServer.Wire;

/// <summary>How the null server's answers travel; one class for each wire format that the driver of our own speaks.</summary>
internal interface IAnswerFormat
{
    /// <summary>As <c>--wire</c> names it.</summary>
    string Name { get; }

    /// <summary>Makes the server's side of a connection, for each connection anew.</summary>
    /// <param name="body">What is answered.</param>
    /// <param name="options">What else decides it.</param>
    /// <param name="model">What the server does beside answering.</param>
    Func<Conversation> ConversationFactory(string body, NullServerOptions options, ServerModel model);
}

/// <summary>Every format that the null server answers in, found by reflection.</summary>
internal static class AnswerFormats
{
    public static IReadOnlyList<IAnswerFormat> All { get; } = Plugins.Of<IAnswerFormat>(f => f.Name);

    public static IAnswerFormat Get(string name) => All.First(f => f.Name == name);
}
