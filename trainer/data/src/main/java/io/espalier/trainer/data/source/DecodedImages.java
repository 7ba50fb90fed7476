package io.espalier.trainer.data.source;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.InvalidConfigException.Problem;
import io.espalier.configs.file.FileCause;
import io.espalier.trainer.data.ImageEncoding;
import io.espalier.trainer.data.image.ImageDecoder;
import io.espalier.trainer.data.image.UnreadableImageException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Decodes files by several threads, in their order, and collects those that are broken. */
final class DecodedImages {
  private static final int MOST_PROBLEMS = 20;

  private final String key;
  private final ImageDecoder decoder;
  private final List<Problem> problems = new ArrayList<>();
  private int broken;

  /** {@code key} names the files in messages. */
  DecodedImages(String key, ImageEncoding encoding) {
    this.key = key;
    this.decoder = new ImageDecoder(encoding);
  }

  private record Decoded(Optional<byte[]> levels, List<Problem> problems) {}

  /** Returns the levels of the files that can be read, in the order of all. */
  List<byte[]> decode(List<Path> files) {
    return decodeEach(files).stream().flatMap(Optional::stream).toList();
  }

  /** Returns the levels of each file; empty for one that is broken. */
  List<Optional<byte[]>> decodeEach(List<Path> files) {
    List<Decoded> results = files.parallelStream().map(this::decode).toList();
    for (Decoded result : results) {
      result.problems().stream().filter(problem -> broken++ < MOST_PROBLEMS).forEach(problems::add);
    }
    return results.stream().map(Decoded::levels).toList();
  }

  private Decoded decode(Path path) {
    DataFile file = new DataFile(path, key);
    if (!Files.isRegularFile(path)) {
      return broken(file, "must be a regular file, or a link to one");
    }
    try (InputStream in = Files.newInputStream(path)) {
      byte[] bytes = in.readNBytes(ImageDecoder.MAX_BYTES + 1);
      if (bytes.length > ImageDecoder.MAX_BYTES) {
        return broken(
            file,
            "must have at most %d bytes: bytes=%d"
                .formatted(ImageDecoder.MAX_BYTES, Files.size(path)));
      }
      return new Decoded(Optional.of(decoder.decode(bytes)), List.of());
    } catch (UnreadableImageException e) {
      return broken(file, e.rule());
    } catch (IOException e) {
      return broken(file, "must be a readable file: " + FileCause.of(e));
    }
  }

  private static Decoded broken(DataFile file, String rule) {
    return new Decoded(Optional.empty(), file.problem(rule).problems());
  }

  /** The broken files so far: the first of them, and how many there are if some are left out. */
  List<String> refusals() {
    List<String> lines = new ArrayList<>(problems.stream().map(Problem::toString).toList());
    if (broken > problems.size()) {
      lines.add("%d more images are broken".formatted(broken - problems.size()));
    }
    return lines;
  }

  /** Throws one exception that names every broken file so far. */
  void requireAll() {
    if (broken == 0) {
      return;
    }
    List<Problem> all = new ArrayList<>(problems);
    all.add(
        new Problem(
            Optional.empty(),
            key,
            "every image must be readable: broken=%d, shown=%d; mend or remove these files"
                .formatted(broken, problems.size())));
    throw new InvalidConfigException(all);
  }
}
