package io.espalier.trainer.data.source;

import io.espalier.configs.DataConfig;
import io.espalier.configs.InvalidConfigException;
import io.espalier.trainer.data.Dataset;
import io.espalier.trainer.data.Examples;
import io.espalier.trainer.data.format.DataFile;
import io.espalier.trainer.data.format.IdxFile;
import io.espalier.trainer.data.format.Sha256;
import io.espalier.trainer.network.ImageShape;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Fashion-MNIST: 28×28 grey images of ten kinds of clothing (Xiao, Rasul and Vollgraf,
 * "Fashion-MNIST: a Novel Image Dataset for Benchmarking Machine Learning Algorithms", 2017), as
 * four IDX files in one directory, gzipped or not.
 */
final class FashionMnist {
  private static final int SIDE = 28;
  private static final List<String> CLASSES =
      List.of(
          "T-shirt/top",
          "Trouser",
          "Pullover",
          "Dress",
          "Coat",
          "Sandal",
          "Shirt",
          "Sneaker",
          "Bag",
          "Ankle boot");
  private static final List<String> FILES =
      List.of(
          "train-images-idx3-ubyte",
          "train-labels-idx1-ubyte",
          "t10k-images-idx3-ubyte",
          "t10k-labels-idx1-ubyte");

  private FashionMnist() {}

  static Dataset load(DataConfig.FashionMnist source, DataHome home) {
    List<DataFile> files = locate(source, home);
    MessageDigest digest = Sha256.begin();
    Examples train = examples(files.get(0), files.get(1), digest);
    Examples test = examples(files.get(2), files.get(3), digest);
    return Dataset.normalised(
        source.kind(),
        train,
        test,
        new ImageShape(1, SIDE, SIDE),
        List.of(),
        CLASSES,
        Sha256.hex(digest));
  }

  private static List<DataFile> locate(DataConfig.FashionMnist source, DataHome home) {
    List<Path> directories =
        source
            .path()
            .map(List::of)
            .orElseGet(
                () ->
                    List.of(
                        home.home().resolve("data").resolve(source.kind()),
                        home.shared().resolve(source.kind())));
    for (Path directory : directories) {
      List<DataFile> files =
          FILES.stream().flatMap(name -> find(directory, name).stream()).toList();
      if (files.size() == FILES.size()) {
        return files;
      }
    }
    throw InvalidConfigException.of(
        "data.path",
        "a directory must hold %s, each plain or as .gz: looked in %s; run `apt-get install dataset-fashion-mnist` or set data.path"
            .formatted(
                String.join(", ", FILES),
                directories.stream().map(Path::toString).collect(Collectors.joining(", "))));
  }

  private static Optional<DataFile> find(Path directory, String name) {
    return Stream.of(name, name + ".gz")
        .map(directory::resolve)
        .filter(Files::isRegularFile)
        .map(path -> new DataFile(path, "data.path"))
        .findFirst();
  }

  private static Examples examples(DataFile imageFile, DataFile labelFile, MessageDigest digest) {
    IdxFile images = IdxFile.read(imageFile, 3, digest);
    if (!images.dimensions().subList(1, 3).equals(List.of(SIDE, SIDE))) {
      throw imageFile.problem("must hold images of 28×28: dimensions=" + images.dimensions());
    }
    IdxFile labels = IdxFile.read(labelFile, 1, digest);
    if (labels.count() != images.count()) {
      throw labelFile.problem(
          "must hold one label per image: labels=%d, images=%d, of %s"
              .formatted(labels.count(), images.count(), imageFile.path()));
    }
    return Examples.ofBytes(images.values(), classes(labelFile, labels));
  }

  private static int[] classes(DataFile file, IdxFile labels) {
    int[] classes = new int[labels.count()];
    for (int i = 0; i < classes.length; i++) {
      classes[i] = labels.value(i);
      if (classes[i] >= CLASSES.size()) {
        throw file.problem("a label must be from 0 to 9: index=" + i + ", label=" + classes[i]);
      }
    }
    return classes;
  }
}
