namespace ServeBench.Runs.Importing;

/// <summary>Reads one format in which another tool leaves its results.</summary>
internal interface IImportReader
{
    /// <summary>For people: <c>hey, CSV</c>.</summary>
    string Source { get; }

    /// <summary>How such a file is made.</summary>
    string Made { get; }

    /// <summary>Whether a file is of this format, by how it begins or, where it is one JSON document, by its members.</summary>
    bool Recognises(ImportFile file);

    /// <exception cref="Domain.Faults.RunFailedException">when the file is damaged or holds nothing; says the place.</exception>
    /// <exception cref="InvalidDataException">when it is cut off, or larger than any that is read.</exception>
    ImportedContent Read(ImportFile file);
}
