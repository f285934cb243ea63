namespace ServeBench.Work;

/// <summary>An input whose answer is known.</summary>
/// <param name="Shown">The input as people are shown it.</param>
/// <param name="Request">A request of that one item.</param>
/// <param name="Expected">The answer, in the form that its kind of work compares.</param>
public sealed record Reference(string Shown, WorkRequest Request, object Expected);

/// <summary>What is expected of any request of a model: asked once for each input, and remembered.</summary>
public interface IExpectations : IDisposable
{
    /// <summary>Several requests are going to be asked for: what is quicker for all together may be done now.</summary>
    void Prepare(IReadOnlyList<WorkRequest> requests)
    {
    }

    /// <returns>One for each item of the request.</returns>
    IReadOnlyList<object> Of(WorkRequest request);
}
