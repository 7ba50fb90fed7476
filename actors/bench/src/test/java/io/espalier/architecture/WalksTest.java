package io.espalier.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The walks of docs/internals/walks.md name types that exist, and count them. */
class WalksTest {
  private static final Path ROOT = Path.of("..", "..");
  private static final Pattern ROW =
      Pattern.compile("^\\| (?:`([a-z0-9.]+)`)? ?\\| `([A-Za-z0-9]+)` \\|.*");
  private static final Pattern COUNT =
      Pattern.compile("^\\*\\*(\\d+) types in (\\d+) packages\\*\\*.*");

  private record Walk(List<String> types, int counted, int packages) {}

  @Test
  void walks_nameTypesThatExist_once() throws IOException {
    Set<String> sources = sources();

    for (Walk walk : walks()) {
      assertThat(walk.types()).doesNotHaveDuplicates();
      assertThat(sources).containsAll(walk.types());
    }
  }

  @Test
  void walks_countTheirTypesAndPackages() throws IOException {
    assertThat(walks()).hasSize(3);
    for (Walk walk : walks()) {
      Set<String> packages = new HashSet<>();
      walk.types().forEach(type -> packages.add(type.substring(0, type.lastIndexOf('.'))));
      assertThat(walk.counted()).isEqualTo(walk.types().size());
      assertThat(walk.packages()).isEqualTo(packages.size());
    }
  }

  private static List<Walk> walks() throws IOException {
    List<Walk> walks = new ArrayList<>();
    List<String> types = new ArrayList<>();
    String within = "";
    for (String line : Files.readAllLines(ROOT.resolve(Path.of("docs", "internals", "walks.md")))) {
      Matcher row = ROW.matcher(line);
      Matcher count = COUNT.matcher(line);
      if (row.matches()) {
        within = row.group(1) == null ? within : row.group(1);
        types.add("io.espalier." + within + "." + row.group(2));
      } else if (count.matches()) {
        walks.add(
            new Walk(
                List.copyOf(types),
                Integer.parseInt(count.group(1)),
                Integer.parseInt(count.group(2))));
        types.clear();
      }
    }
    return walks;
  }

  private static Set<String> sources() throws IOException {
    Path main = Path.of("src", "main", "java");
    Set<String> names = new TreeSet<>();
    try (Stream<Path> files = Files.walk(ROOT)) {
      files
          .filter(file -> file.toString().endsWith(".java") && file.toString().contains("/" + main))
          .forEach(
              file -> {
                String path = file.toString();
                String name =
                    path.substring(path.indexOf(main + "/") + main.toString().length() + 1);
                names.add(name.replace(".java", "").replace('/', '.'));
              });
    }
    return names;
  }
}
