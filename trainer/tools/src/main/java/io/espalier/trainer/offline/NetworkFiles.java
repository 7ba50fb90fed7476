package io.espalier.trainer.offline;

import io.espalier.trainer.file.MalformedFileException;
import io.espalier.trainer.file.Metadata;
import io.espalier.trainer.file.Safetensors;
import io.espalier.trainer.file.SparseFile;
import io.espalier.trainer.file.TensorSpan;
import io.espalier.trainer.model.ModelFile;
import io.espalier.trainer.onnx.read.OnnxSpans;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The files of a stored network: one, or an index and its shards.
 *
 * @param index names the shards; empty where the network is one file
 */
record NetworkFiles(Optional<Path> index, List<TensorFile> files) {
  static final String MODEL = "model.safetensors";
  static final String INDEX = ".index.json";

  NetworkFiles {
    files = List.copyOf(files);
  }

  /** Reads headers only. */
  static NetworkFiles read(Path named) throws IOException {
    Path path = source(named);
    requireRegular(path);
    if (isIndex(path)) {
      return new NetworkFiles(Optional.of(path), ShardIndex.read(path));
    }
    return new NetworkFiles(
        Optional.empty(),
        List.of(path.toString().endsWith(".onnx") ? onnx(path) : safetensors(path)));
  }

  static Path source(Path named) throws MalformedFileException {
    return Files.isDirectory(named) ? inDirectory(named) : named;
  }

  static boolean isIndex(Path source) {
    return source.toString().endsWith(INDEX);
  }

  /** Bytes of all files, that of the index left out. */
  long bytes() throws IOException {
    long bytes = 0;
    for (TensorFile file : files) {
      bytes += Files.size(file.path());
    }
    return bytes;
  }

  /** Refuses pipes and devices, which may have no end. */
  private static void requireRegular(Path path) throws MalformedFileException {
    if (Files.exists(path) && !Files.isRegularFile(path)) {
      throw new MalformedFileException(path, "must be a regular file, or a link to one");
    }
  }

  static TensorFile safetensors(Path path) throws IOException {
    List<TensorSpan> tensors = Safetensors.readSpans(path);
    Metadata metadata = Metadata.of(Safetensors.readMetadata(path));
    if (metadata.hasFormat(SparseFile.FORMAT)) {
      throw new MalformedFileException(
          path,
          "must hold all values to be pruned: format=%s; write them in full first: export --format safetensors"
              .formatted(SparseFile.FORMAT));
    }
    return new TensorFile(path, tensors, metadata.hasFormat(ModelFile.FORMAT));
  }

  private static TensorFile onnx(Path path) throws IOException {
    return new TensorFile(path, OnnxSpans.read(path), false);
  }

  private static Path inDirectory(Path directory) throws MalformedFileException {
    Path model = directory.resolve(MODEL);
    Path index = directory.resolve(MODEL + INDEX);
    if (Files.isRegularFile(model) != Files.isRegularFile(index)) {
      return Files.isRegularFile(model) ? model : index;
    }
    throw new MalformedFileException(
        directory,
        "a directory must hold %s or %s, one of them; name a file".formatted(MODEL, MODEL + INDEX));
  }
}
