package io.espalier.trainer.data.source;

import io.espalier.configs.InvalidConfigException;
import io.espalier.trainer.data.Examples;
import io.espalier.trainer.data.ImageEncoding;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * An image file, or all that are below a folder. Images have their path as a name, and the name of
 * their folder as a label. Not thread-safe.
 */
final class ImageInput implements InputFile.Rows {
  /** The word given as the place of the labels. */
  static final String FOLDERS = "folders";

  private final List<Path> files;
  private final boolean isLabelled;
  private final List<String> classNames;
  private final DecodedImages decoded;
  private final int features;
  private final boolean refusesAll;
  private List<Path> batch = List.of();
  private int read;
  private boolean any;

  private ImageInput(
      DataFile file,
      List<Path> files,
      boolean isLabelled,
      ImageEncoding encoding,
      List<String> classNames,
      boolean refusesAll) {
    this.files = files;
    this.isLabelled = isLabelled;
    this.classNames = classNames;
    this.decoded = new DecodedImages(file.key(), encoding);
    this.features = encoding.shape().size();
    this.refusesAll = refusesAll;
  }

  /**
   * {@code refusesAll}: whether a broken image refuses all, or itself alone if another is whole.
   */
  static ImageInput open(
      DataFile file,
      Optional<String> labels,
      ImageEncoding encoding,
      List<String> classNames,
      boolean refusesAll) {
    if (labels.filter(given -> !given.equals(FOLDERS)).isPresent()) {
      throw InvalidConfigException.of(
          "--labels",
          "labels of images must be in the names of their folders: labels=%s; give --labels %s"
              .formatted(labels.get(), FOLDERS));
    }
    List<Path> files =
        Files.isDirectory(file.path())
            ? ImageFiles.allBelow(file, ImageFiles::isImage)
            : List.of(file.path());
    if (files.isEmpty()) {
      throw file.problem("must hold a PNG, JPEG or BMP file: images=0");
    }
    return new ImageInput(file, files, labels.isPresent(), encoding, classNames, refusesAll);
  }

  @Override
  public Optional<Examples> next(int most) {
    List<byte[]> images = List.of();
    while (images.isEmpty() && read < files.size()) {
      images = nextWhole(most);
    }
    if (images.isEmpty()) {
      if (!any) {
        decoded.requireAll();
      }
      return Optional.empty();
    }
    any = true;
    int[] labels = batch.stream().mapToInt(this::label).toArray();
    byte[] levels = new byte[batch.size() * features];
    for (int i = 0; i < images.size(); i++) {
      System.arraycopy(images.get(i), 0, levels, i * features, features);
    }
    return Optional.of(Examples.ofBytes(levels, labels));
  }

  /** Reads the next files; the batch is those of them that are whole. */
  private List<byte[]> nextWhole(int most) {
    List<Path> next = files.subList(read, Math.min(files.size(), read + most));
    read += next.size();
    List<Optional<byte[]>> levels = decoded.decodeEach(next);
    if (refusesAll) {
      decoded.requireAll();
    }
    batch =
        IntStream.range(0, next.size())
            .filter(i -> levels.get(i).isPresent())
            .mapToObj(next::get)
            .toList();
    return levels.stream().flatMap(Optional::stream).toList();
  }

  private int label(Path path) {
    if (!isLabelled) {
      return 0;
    }
    Path absolute = path.toAbsolutePath().normalize();
    int depth = absolute.getNameCount();
    String folder = depth < 2 ? "" : absolute.getName(depth - 2).toString();
    int label = classNames.indexOf(folder);
    if (label < 0) {
      throw new DataFile(path, "--labels")
          .problem(
              "must lie in a folder that is named as a class of the network: folder='%s', classes=%s"
                  .formatted(folder, classNames));
    }
    return label;
  }

  @Override
  public List<String> names() {
    return batch.stream().map(Path::toString).toList();
  }

  @Override
  public List<String> refusals() {
    return decoded.refusals();
  }

  @Override
  public void close() {}
}
