namespace ServeBench.OnnxServer.Serving;

/// <summary>Models that are served, by the names that clients call them.</summary>
/// <param name="models">The models.</param>
internal sealed class ModelTable<T>(IReadOnlyList<T> models) : IDisposable
    where T : ServedModel
{
    public IReadOnlyList<T> All => models;

    /// <summary>The model, when there is no other; null when a request has to say which it wants.</summary>
    public T? Only { get; } = models.Count == 1 ? models[0] : null;

    /// <returns>The model of that name, or null.</returns>
    public T? Find(ReadOnlySpan<char> name)
    {
        foreach (var model in models)
        {
            if (name.SequenceEqual(model.Name)) return model;
        }
        return null;
    }

    /// <summary>Those of one pipeline.</summary>
    public ModelTable<TOne> Of<TOne>()
        where TOne : ServedModel => new([.. models.OfType<TOne>()]);

    public void Dispose()
    {
        foreach (var model in models) model.Dispose();
    }
}
