package io.espalier.trainer.data.source;

import io.espalier.configs.DataConfig;
import io.espalier.configs.DataConfig.ChannelOrder;
import io.espalier.configs.InvalidConfigException;
import io.espalier.trainer.data.Dataset;
import io.espalier.trainer.data.source.IdxFolder.Role;
import io.espalier.trainer.network.ImageShape;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Fashion-MNIST: 28×28 grey images of ten kinds of clothing (Xiao, Rasul and Vollgraf,
 * "Fashion-MNIST: a Novel Image Dataset for Benchmarking Machine Learning Algorithms", 2017), as
 * four IDX files in one directory, gzipped or not.
 */
final class FashionMnist {
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
  private static final Map<String, String> SHA256 =
      Map.of(
          Role.TRAIN_IMAGES.usualName(),
          "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
          Role.TRAIN_LABELS.usualName(),
          "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
          Role.TEST_IMAGES.usualName(),
          "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
          Role.TEST_LABELS.usualName(),
          "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34");
  private static final long MAX_BYTES = 1 << 26;

  private FashionMnist() {}

  static Dataset load(DataConfig.FashionMnist source, long seed, DataHome home) {
    return IdxData.load(
        locate(source, home),
        new IdxData.Settings(
            source.kind(),
            CLASSES,
            ChannelOrder.FIRST,
            Optional.of(new ImageShape(1, 28, 28)),
            Map.of(),
            0,
            seed));
  }

  private static IdxFolder locate(DataConfig.FashionMnist source, DataHome home) {
    Path own = home.directory(source.kind());
    List<Path> directories =
        source
            .path()
            .map(List::of)
            .orElseGet(() -> List.of(own, home.shared().resolve(source.kind())));
    Optional<IdxFolder> found =
        directories.stream()
            .map(directory -> IdxFolder.of(directory, "data.path"))
            .filter(IdxFolder::isComplete)
            .findFirst();
    boolean isInstalled = found.filter(folder -> !folder.path().equals(own)).isPresent();
    if (isInstalled || source.path().isPresent() || source.mirror().isEmpty()) {
      return found.orElseThrow(() -> missing(directories));
    }
    Downloads downloads = new Downloads(MAX_BYTES, home.listener());
    downloads.fetch(source.mirror().get(), SHA256, own);
    return IdxFolder.of(own, "data.url");
  }

  private static InvalidConfigException missing(List<Path> directories) {
    return InvalidConfigException.of(
        "data.path",
        "a directory must hold %s, each plain or as .gz: looked in %s; run `apt-get install dataset-fashion-mnist`, set data.path, or set data.url to the address of a folder that has them"
            .formatted(
                Stream.of(Role.values()).map(Role::usualName).collect(Collectors.joining(", ")),
                directories.stream().map(Path::toString).collect(Collectors.joining(", "))));
  }
}
