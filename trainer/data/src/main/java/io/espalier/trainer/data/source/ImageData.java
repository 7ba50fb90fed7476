package io.espalier.trainer.data.source;

import io.espalier.configs.DataConfig;
import io.espalier.configs.file.FileCause;
import io.espalier.trainer.data.DataContract;
import io.espalier.trainer.data.Dataset;
import io.espalier.trainer.data.Examples;
import io.espalier.trainer.data.ImageEncoding;
import io.espalier.trainer.file.Sha256;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** A folder of image files as a data set; its classes are those of its folders, or known. */
final class ImageData {
  private final DataConfig.Images source;
  private final long seed;
  private final DataHome home;
  private final ClassFolders folder;

  private ImageData(DataConfig.Images source, long seed, DataHome home) {
    this.source = source;
    this.seed = seed;
    this.home = home;
    this.folder = ClassFolders.of(new DataFile(source.path(), "data.path"), ClassFolders.IMAGES);
  }

  static Dataset load(DataConfig.Images source, long seed, DataHome home) {
    ImageData data = new ImageData(source, seed, home);
    List<String> classes = data.folder.required().classNames();
    ImageEncoding encoding = ImageEncoding.of(source.image());
    Sets sets = data.read(encoding, classes);
    return Dataset.encoded(
        source.kind(), sets.train(), sets.test(), encoding, classes, sets.digest());
  }

  /** Reads the same source for a network that is trained: in its encoding, with its classes. */
  static Dataset load(DataConfig.Images source, long seed, DataHome home, DataContract contract) {
    ImageData data = new ImageData(source, seed, home);
    List<String> classes = contract.classNames();
    data.folder.requiredOf(classes);
    Sets sets = data.read(contract.images().orElseThrow(), classes);
    return Dataset.under(contract, source.kind(), sets.train(), sets.test(), sets.digest());
  }

  private record Sets(Examples train, Examples test, String digest) {}

  private Sets read(ImageEncoding encoding, List<String> classes) {
    folder.notice().ifPresent(home.listener()::noticed);
    int[] labels = folder.labels(classes);
    int[] train = IntStream.range(0, folder.trainFiles().size()).toArray();
    int[] test = IntStream.range(train.length, labels.length).toArray();
    if (!folder.hasTest()) {
      TestSplit split =
          TestSplit.of(labels, source.test(), seed)
              .required(new DataFile(source.path(), "data.test"), "images", classes);
      train = split.train();
      test = split.test();
    }
    List<Path> files = new ArrayList<>(folder.trainFiles());
    files.addAll(folder.testFiles());
    try {
      ImageCache.Content content =
          new ImageCache(new DataFile(source.path(), "data.path"), files, encoding, home).content();
      Examples all = content.levels().labelled(labels);
      return new Sets(
          all.select(train), all.select(test), digest(content, encoding, classes, labels));
    } catch (IOException e) {
      throw new DataFile(source.path(), "data.path")
          .problem(
              "must be readable, and its decoded images storable in the Espalier home: "
                  + FileCause.of(e));
    }
  }

  /** Levels, labels and their meaning: files may have other names and other forms. */
  private String digest(
      ImageCache.Content content, ImageEncoding encoding, List<String> classes, int[] labels) {
    return Sha256.ofText(
        String.join(
            "\0",
            content.digest(),
            encoding.toJson(),
            String.join("\0", classes),
            Arrays.toString(labels),
            String.valueOf(folder.hasTest() ? folder.trainFiles().size() : labels.length)));
  }
}
