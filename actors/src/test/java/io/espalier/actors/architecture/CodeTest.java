package io.espalier.actors.architecture;

import static com.tngtech.archunit.lang.conditions.ArchConditions.be;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static java.util.stream.Collectors.toList;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.espalier.configs.fault.CrashPoint;
import io.espalier.trainer.engine.Constant;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;

/** How packages and classes are made. */
@AnalyzeClasses(packages = "io.espalier", importOptions = DoNotIncludeTests.class)
final class CodeTest {
  private static final int MOST_TYPES = 12;
  private static final String GENERATED = "io.espalier.actors.federation.protocol";

  @ArchTest
  static final ArchRule classes_areFinalUnlessMadeToBeExtended =
      classes().that(areExtendable()).should(be(finalOrSealed()));

  @ArchTest
  static final ArchRule packages_areNamedForFeatures =
      noClasses()
          .should()
          .resideInAnyPackage("..util..", "..utils..", "..impl..", "..common..", "..manager..");

  @ArchTest
  static final ArchRule javaSerialisation_isNotUsed =
      noClasses()
          .should()
          .dependOnClassesThat()
          .areAssignableTo(ObjectInputStream.class)
          .orShould()
          .dependOnClassesThat()
          .areAssignableTo(ObjectOutputStream.class);

  /** The engine frees such a number before the backward pass reads it: see {@link Constant}. */
  @ArchTest
  static final ArchRule engine_isNotCalledWithBareNumbers =
      noClasses()
          .should()
          .callMethodWhere(
              DescribedPredicate.describe(
                  "an operation of the engine takes a number",
                  call ->
                      call.getTargetOwner().getPackageName().equals("ai.djl.ndarray")
                          && call.getTarget().getRawParameterTypes().stream()
                              .anyMatch(type -> type.isEquivalentTo(Number.class))));

  @ArchTest
  static final ArchRule crashPoints_areArmedByTestsOnly =
      noClasses().should().callMethod(CrashPoint.class, "arm", Consumer.class);

  @ArchTest
  static final ArchRule console_belongsToTheCommandLine =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.espalier.actors.cli..")
          .should()
          .accessField(System.class, "out")
          .orShould()
          .accessField(System.class, "err");

  @ArchTest
  static void packages_holdAtMostTwelveTypes(JavaClasses all) {
    List<String> tooLarge =
        packages(all)
            .filter(each -> topLevel(each).count() > MOST_TYPES)
            .map(each -> each.getName() + " " + topLevel(each).count())
            .collect(toList());
    assertThat(tooLarge).isEmpty();
  }

  @ArchTest
  static void packages_areNullMarked(JavaClasses all) {
    List<String> unmarked =
        packages(all)
            .filter(each -> !each.isAnnotatedWith(NullMarked.class))
            .map(JavaPackage::getName)
            .collect(toList());
    assertThat(unmarked).isEmpty();
  }

  /** All but what the build generates. */
  private static Stream<JavaPackage> packages(JavaClasses all) {
    return all.stream()
        .map(JavaClass::getPackage)
        .distinct()
        .filter(each -> !each.getName().equals(GENERATED));
  }

  private static Stream<JavaClass> topLevel(JavaPackage inPackage) {
    return inPackage.getClasses().stream()
        .filter(each -> each.isTopLevelClass() && !each.isArray())
        .filter(each -> !each.getSimpleName().equals("package-info"));
  }

  private static DescribedPredicate<JavaClass> areExtendable() {
    return DescribedPredicate.describe(
        "are neither interfaces, enums nor anonymous",
        each ->
            !each.isInterface()
                && !each.isEnum()
                && !each.isAnonymousClass()
                && !each.isAssignableTo(Enum.class));
  }

  private static DescribedPredicate<JavaClass> finalOrSealed() {
    return DescribedPredicate.describe(
        "final, sealed or abstract",
        each ->
            each.getModifiers().contains(JavaModifier.FINAL)
                || each.getModifiers().contains(JavaModifier.ABSTRACT)
                || each.reflect().isSealed());
  }
}
