using ServeBench.Domain;

namespace ServeBench.NullServer.Wire;

/// <summary>How the null server's answers travel; one class for each wire format that the driver of our own speaks.</summary>
internal interface IAnswerFormat
{
    /// <summary>As <c>--wire</c> names it.</summary>
    string Name { get; }

    /// <summary>A whole answer with the status 200.</summary>
    /// <param name="json">What is answered.</param>
    /// <param name="fields">Further header fields, each with its line end.</param>
    /// <param name="options">What else decides it.</param>
    byte[] Answer(string json, string fields, NullServerOptions options);
}

/// <summary>Every format that the null server answers in, found by reflection.</summary>
internal static class AnswerFormats
{
    public static IReadOnlyList<IAnswerFormat> All { get; } = Plugins.Of<IAnswerFormat>(f => f.Name);

    public static IAnswerFormat Get(string name) => All.First(f => f.Name == name);
}
