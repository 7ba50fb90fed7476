package io.espalier.configs.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.espalier.configs.AugmentationConfig;
import io.espalier.configs.DataConfig;
import io.espalier.configs.DataConfig.ChannelOrder;
import io.espalier.configs.ImageConfig;
import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.MirrorConfig;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DataProblemsTest {
  private static final String DIGEST = "0123456789abcdef".repeat(4);

  private static DataConfig load(String data) {
    return new RecipeLoader()
        .parse("my.conf", "model = lenet-5\n" + data, List.of())
        .config()
        .data();
  }

  @Test
  void idx_everyKey_isRead() {
    DataConfig data =
        load(
            "data { kind = idx, path = /images, classes = [cat, dog], channels = last, test = 10%,"
                + " sha256 { \"train-images-idx3-ubyte\" = \"%s\" } }".formatted(DIGEST));

    assertThat(data.source())
        .isEqualTo(
            new DataConfig.Idx(
                Optional.of(Path.of("/images")),
                Optional.empty(),
                Map.of("train-images-idx3-ubyte", DIGEST),
                List.of("cat", "dog"),
                ChannelOrder.LAST,
                0.1));
    assertThat(data.augmentation()).isEqualTo(AugmentationConfig.NONE);
  }

  @Test
  void images_sizeAndPath_areEnough() {
    DataConfig data = load("data { kind = images, path = /photos, size = 32 }");

    assertThat(data.source())
        .isEqualTo(
            new DataConfig.Images(
                Path.of("/photos"),
                0.2,
                new ImageConfig(List.of(32), ImageConfig.Fit.CROP, ImageConfig.Colour.RGB)));
    assertThat(data.source().files()).containsExactly(Map.entry("path", Path.of("/photos")));
  }

  @Test
  void images_everyKey_isReadAndWrittenAgain() {
    String text =
        "data { kind = images, path = /photos, size = [24, 32], fit = pad, colour = grey, test = 10%,"
            + " augmentation { flip = true, crop = 2 } }";
    DataConfig data = load(text);

    ImageConfig image = ((DataConfig.Images) data.source()).image();
    assertThat(image.height()).isEqualTo(24);
    assertThat(image.width()).isEqualTo(32);
    assertThat(image.fit()).isEqualTo(ImageConfig.Fit.PAD);
    assertThat(image.colour().channels()).isOne();
    assertThat(data.augmentation()).isEqualTo(new AugmentationConfig(true, 2));
    String resolved =
        new RecipeLoader().parse("my.conf", "model = lenet-5\n" + text, List.of()).text();
    assertThat(new RecipeLoader().stored("again", resolved, List.of()).config().data())
        .isEqualTo(data);
  }

  @Test
  void images_mistakes_areAllNamed() {
    assertThatThrownBy(() -> load("data { kind = images, fit = zoom, colour = red, test = 0% }"))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContainingAll(
            "path must be given: a directory with one folder of images per class",
            "size must be given: the side of the network's input in pixels",
            "fit must be one of crop, pad, stretch",
            "colour must be one of grey, rgb",
            "test must be above 0%");
    assertThatThrownBy(() -> load("data { kind = images, path = a, size = [8, 8, 3] }"))
        .hasMessageContaining(
            "size must be one side of a square or [height, width], each from 1 to 1,024");
    assertThatThrownBy(() -> load("data { kind = images, path = a, size = 2000 }"))
        .hasMessageContaining("size=2000");
  }

  @Test
  void url_withoutItsLastSlash_isAFolder() {
    DataConfig data = load("data { kind = fashion-mnist, url = \"https://host/a/b\" }");

    assertThat(data.source())
        .asInstanceOf(type(DataConfig.FashionMnist.class))
        .satisfies(
            source ->
                assertThat(source.mirror())
                    .contains(new MirrorConfig(URI.create("https://host/a/b/"), false)));
  }

  @ParameterizedTest
  @CsvSource({
    "https://host/, false, true",
    "HTTPS://host/, false, true",
    "http://host/, false, false",
    "http://host/, true, true",
    "http://localhost:80/, false, true",
    "http://127.0.0.1/, false, true",
    "http://[::1]:80/, false, true",
    "http://localhost.evil.example/, false, false",
    "ftp://host/, true, false",
    "file:///etc/, true, false",
  })
  void mirror_address_isAllowedByItsRule(URI address, boolean allowHttp, boolean allowed) {
    MirrorConfig mirror = new MirrorConfig(URI.create("https://host/"), allowHttp);

    assertThat(mirror.allows(address)).isEqualTo(allowed);
  }

  @Test
  void augmentation_isRead() {
    assertThat(
            load("data { kind = digits, augmentation { flip = true, crop = 2 } }").augmentation())
        .isEqualTo(new AugmentationConfig(true, 2));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "kind = idx | data.path: path must be given: a directory of IDX files; or url and sha256 to"
            + " fetch them",
        "kind = idx, url = \"https://host/\" | data.sha256: sha256 must be given with url: the digest"
            + " of each unpacked file, by its name: sha256=none",
        "kind = idx, path = x, classes = [a] | data.classes: classes must be two names or more, each"
            + " once: classes=[\"a\"]",
        "kind = idx, path = x, classes = [a, a] | data.classes: classes must be two names or more,"
            + " each once: classes=[\"a\",\"a\"]",
        "kind = idx, path = x, test = 0 | data.test: test must be above 0% and below 100%: test=0",
        "kind = idx, path = x, channels = middle | data.channels: channels must be one of first,"
            + " last: channels=\"middle\"",
        "kind = idx, path = x, sha256 { a.gz = b } | data.sha256: sha256 must be names of unpacked"
            + " files, in quotes, each with 64 hexadecimal digits: sha256={\"a\":{\"gz\":\"b\"}}",
        "kind = idx, path = x, sha256 { a = b } | data.sha256: sha256 must be names of unpacked files,"
            + " in quotes, each with 64 hexadecimal digits: sha256={\"a\":\"b\"}",
        "kind = fashion-mnist, url = \"http://host/\" | data.url: url must be https, or http to this"
            + " machine; allow-http = true permits plain http to others: url=\"http://host/\"",
        "kind = fashion-mnist, url = here | data.url: url must be the address of a folder, such as"
            + " https://host/folder/: url=\"here\"",
        "kind = fashion-mnist, url = \"https://me:pw@host/\" | data.url: url must be the address of a"
            + " folder, such as https://host/folder/: url=\"https://me:pw@host/\"",
        "kind = fashion-mnist, url = \"https://host/?a\" | data.url: url must be the address of a"
            + " folder, such as https://host/folder/: url=\"https://host/?a\"",
        "kind = digits, augmentation { flip = yes } | data.augmentation.flip: flip must be true or"
            + " false: flip=\"yes\"",
        "kind = digits, augmentation { crop = -1 } | data.augmentation.crop: crop must be 0 or more:"
            + " crop=-1",
        "kind = csv, path = x, label = y, augmentation { flip = true } | data.augmentation:"
            + " augmentation must be left away for a table: only images can be flipped and cropped:"
            + " augmentation={\"flip\":true}",
        "kind = text, augmentation { flip = true } | data.augmentation: augmentation must be left away"
            + " for a text: only images can be flipped and cropped: augmentation={\"flip\":true}",
        "kind = text, context = 0 | data.context: context must be from 1 to 65536: context=0",
        "kind = text, stride = 0 | data.stride: stride must be 1 or more: stride=0",
        "kind = text, stride = 63, validation = 5% | data.validation: validation must be left away"
            + " where windows overlap, as those held out would be trained on: give a stride of context"
            + " or more: validation=\"5%\"",
        "kind = text, only-classes = [a, b] | data.only-classes: only-classes must be left away for a"
            + " text, whose classes are its tokens: only-classes=[\"a\",\"b\"]",
        "kind = text, vocabulary = tokenizer | data.vocabulary.path: path must be given: a tokenizer.json",
        "kind = labelled-text, text = words | data.label: text and label must both be given",
        "kind = labelled-text, text = words, label = kind | data.path: path must be given with text and label",
        "kind = labelled-text, test-path = other | data.test-path: test-path must be left away for folders",
        "kind = labelled-text, context = 0 | data.context: context must be from 1 to 65536: context=0",
        "kind = text, vocabulary = words | data.vocabulary: vocabulary must be one of characters,"
            + " bytes, tokenizer: vocabulary=\"words\"",
        "kind = csv, path = x, label = y, separator = x | `data.separator: separator must be auto, or"
            + " one of \",\", \";\", \"|\" and tab: separator=\"x\"`",
        "kind = csv, path = x, label = y, header = maybe | data.header: header must be auto, yes or"
            + " no: header=\"maybe\"",
        "kind = csv, path = x, label = y, categories = 0 | data.categories: categories must be from 1"
            + " to 10,000: categories=0",
        "kind = csv, path = x, label = y, missing = NA | data.missing: missing must be a list, each"
            + " item text: missing=\"NA\"",
      })
  void data_wrong_isNamedWithItsRule(String keys, String problem) {
    assertThatThrownBy(() -> load("data { " + keys + " }"))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessage("my.conf:2: " + problem);
  }
}
