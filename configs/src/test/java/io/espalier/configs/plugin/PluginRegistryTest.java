package io.espalier.configs.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.MemberSettings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PluginRegistryTest {
  private static final MemberSettings LUCKY = new MemberSettings("lucky", Map.of());

  @TempDir Path directory;

  /** A member of the family of scores. */
  private abstract static class AnyScore implements Plugin {
    @Override
    public PluginKind kind() {
      return PluginKind.SCORE;
    }

    @Override
    public String name() {
      return "lucky";
    }
  }

  /** The sub-interface that a family would ask for. */
  public interface LuckyProvider extends Plugin {}

  public static final class Lucky extends AnyScore implements LuckyProvider {}

  public static final class LuckyToo extends AnyScore implements LuckyProvider {}

  public static final class OfAnotherType extends AnyScore {}

  public static final class Throwing extends AnyScore {
    public Throwing() {
      throw new IllegalStateException("no licence");
    }
  }

  public static final class BadlyNamed extends AnyScore {
    @Override
    public String name() {
      return "My Score";
    }
  }

  public static final class Nameless extends AnyScore {
    @Override
    @SuppressWarnings("NullAway") // what a user's compiler lets pass
    public String name() {
      return null;
    }
  }

  public static final class TwiceTheSameKey extends AnyScore {
    @Override
    public PluginKeys keys() {
      return PluginKeys.NONE.number("power", 1).flag("power", true);
    }
  }

  private static final List<String> BUILT_IN =
      List.of(
          "magnitude",
          "random",
          "taylor",
          "snip",
          "grasp",
          "wanda",
          "wanda-regional",
          "fisher",
          "obs",
          "synflow",
          "variance",
          "attention-maps",
          "movement",
          "averaged-taylor",
          "hard-concrete",
          "transport",
          "keep-logits",
          "edge-popup",
          "channel-taylor",
          "batch-norm-scale",
          "angular-distance");

  private PluginRegistry installed(String... classes) {
    return ClassPath.with(directory, List.of(classes), PluginRegistry::installed);
  }

  private static String nameOf(Class<?> type) {
    return type.getName();
  }

  @Test
  void installed_nothingListed_isBuiltIn() {
    PluginRegistry members = PluginRegistry.installed();

    assertThat(members.names(PluginKind.SCORE)).isEqualTo(BUILT_IN);
    assertThat(members.names(PluginKind.DATA)).isEmpty();
    assertThat(members.unusableNote()).isEmpty();
  }

  @Test
  void installed_listedMember_isFoundInItsFamilyOnly() {
    PluginRegistry members = installed(nameOf(Lucky.class));

    assertThat(members.names(PluginKind.SCORE)).containsAll(BUILT_IN).endsWith("lucky");
    assertThat(members.names(PluginKind.DATA)).isEmpty();
    assertThat(members.one(PluginKind.SCORE, LUCKY, LuckyProvider.class)).isInstanceOf(Lucky.class);
  }

  @Test
  void installed_listedAsOfAnEarlierVersion_areExplained() throws IOException {
    Path former = directory.resolve("META-INF/services/io.espalier.configs.custom.CustomMember");
    Files.createDirectories(former.getParent());
    Files.writeString(former, nameOf(Lucky.class));

    PluginRegistry plugins = installed();

    assertThat(plugins.names(PluginKind.SCORE)).isEqualTo(BUILT_IN);
    assertThat(plugins.unusableNote())
        .isEqualTo(
            "; not usable: plug-ins listed in"
                + " META-INF/services/io.espalier.configs.custom.CustomMember, which are of an"
                + " earlier version: compile them against this one and list them in"
                + " META-INF/services/io.espalier.configs.plugin.Plugin");
  }

  @Test
  void installed_brokenMembers_areExplainedAndLeaveTheOthersUsable() {
    PluginRegistry members =
        installed(
            "com.example.Gone",
            nameOf(Throwing.class),
            nameOf(BadlyNamed.class),
            nameOf(Nameless.class),
            nameOf(TwiceTheSameKey.class),
            nameOf(PluginRegistryTest.class),
            nameOf(Lucky.class));

    assertThat(members.names(PluginKind.SCORE)).containsAll(BUILT_IN).endsWith("lucky");
    assertThat(members.unusable())
        .containsExactly(
            "Provider com.example.Gone not found",
            "Provider "
                + nameOf(Throwing.class)
                + " could not be instantiated:"
                + " java.lang.IllegalStateException: no licence",
            "class "
                + nameOf(BadlyNamed.class)
                + " does not describe itself:"
                + " java.lang.IllegalArgumentException: its name must be lower-case words joined by"
                + " hyphens, and not true, false or null: name='My Score'",
            "class "
                + nameOf(Nameless.class)
                + " does not describe itself:"
                + " java.lang.NullPointerException: its name must not be null",
            "class "
                + nameOf(TwiceTheSameKey.class)
                + " does not describe itself:"
                + " java.lang.IllegalArgumentException: each key must be declared once:"
                + " keys=[power, power]",
            nameOf(PluginRegistryTest.class) + " not a subtype");
  }

  @Test
  void installed_classOfANewerJava_isExplained() throws IOException {
    byte[] classFile = new byte[16];
    ByteBuffer.wrap(classFile).putInt(0xcafebabe).putInt(999);
    Path file = directory.resolve("com/example/Newer.class");
    Files.createDirectories(file.getParent());
    Files.write(file, classFile);

    PluginRegistry members = installed("com.example.Newer");

    assertThat(members.unusable())
        .singleElement()
        .asString()
        .startsWith("java.lang.UnsupportedClassVersionError: com/example/Newer");
  }

  @Test
  void require_unknownName_namesTheFamilyAndWhatIsBroken() {
    PluginRegistry members = installed("com.example.Gone");

    assertThatThrownBy(() -> members.one(PluginKind.SCORE, LUCKY, LuckyProvider.class))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessage(
            "prune.score: must name one score on the class path: kind=lucky, found=[]; not usable:"
                + " Provider com.example.Gone not found");
  }

  @Test
  void require_twoOfOneName_namesBothClasses() {
    PluginRegistry members = installed(nameOf(Lucky.class), nameOf(LuckyToo.class));

    assertThatThrownBy(() -> members.one(PluginKind.SCORE, LUCKY, LuckyProvider.class))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining(nameOf(Lucky.class) + ", " + nameOf(LuckyToo.class));
  }

  @Test
  void require_memberOfAnotherType_saysWhatToImplement() {
    PluginRegistry members = installed(nameOf(OfAnotherType.class));

    assertThatThrownBy(() -> members.one(PluginKind.SCORE, LUCKY, LuckyProvider.class))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessage(
            "prune.score: score 'lucky' (class %s) must implement %s",
            nameOf(OfAnotherType.class), nameOf(LuckyProvider.class));
  }
}
