package io.espalier.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import io.espalier.masks.statistic.Statistic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The page on new methods names types that exist, and all statistics. */
class MethodsPageTest {
  private static final Path PAGE = Path.of("..", "..", "docs", "adding-a-method.md");
  private static final Pattern TYPE = Pattern.compile("`([A-Z][A-Za-z0-9]+)(?:\\.[A-Z]+)?`");
  private static final Set<String> OTHERS = Set.of("CHANGELOG", "PRODUCTS", "SQUARES", "TAYLOR");

  private final JavaClasses classes =
      new ClassFileImporter()
          .withImportOption(new DoNotIncludeTests())
          .importPackages("io.espalier.masks", "io.espalier.trainer");

  @Test
  void types_ofThePage_exist() throws IOException {
    Set<String> known = classes.stream().map(JavaClass::getSimpleName).collect(Collectors.toSet());

    List<String> named =
        TYPE.matcher(Files.readString(PAGE))
            .results()
            .map((MatchResult type) -> type.group(1))
            .filter(name -> !OTHERS.contains(name))
            .toList();

    assertThat(named).isNotEmpty().allMatch(known::contains);
  }

  @Test
  void statistics_areAllOnThePage() throws IOException {
    String page = Files.readString(PAGE);

    List<String> statistics =
        classes.stream()
            .filter(type -> type.isAssignableTo(Statistic.class) && !type.isInterface())
            .filter(type -> type.getPackageName().equals(Statistic.class.getPackageName()))
            .map(JavaClass::getSimpleName)
            .filter(name -> !name.isEmpty())
            .toList();

    assertThat(statistics).isNotEmpty().allMatch(name -> page.contains("`" + name));
  }
}
