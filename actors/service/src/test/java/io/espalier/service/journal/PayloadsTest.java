package io.espalier.service.journal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.BeanPropertyDefinition;
import io.espalier.service.recorded.RecordedFiles;
import io.espalier.service.run.JournaledRun;
import io.espalier.service.run.SchedulerEvent;
import io.espalier.service.run.SchedulerState;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The names inside of events and snapshots: components of records, constants of enums, and the
 * names of members of sealed families. An unknown one is dropped without an error when a row is
 * read, so none may change.
 */
final class PayloadsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Set<String> names = new TreeSet<>();

  @Test
  void names_ofVersion01_areAllThereStill() throws IOException {
    // When
    walk(JSON.constructType(JournaledRun.Recorded.class), "run-event");
    walk(JSON.constructType(JournaledRun.class), "run-snapshot");
    walk(JSON.constructType(SchedulerEvent.Noted.class), "scheduler-event");
    walk(JSON.constructType(SchedulerState.Saved.class), "scheduler-snapshot");

    // Then
    assertThat(names).containsAll(recorded());
  }

  private static List<String> recorded() throws IOException {
    byte[] bytes = RecordedFiles.open("payloads.txt").readAllBytes();
    return new String(bytes, StandardCharsets.UTF_8).lines().toList();
  }

  private void walk(JavaType type, String path) {
    Class<?> raw = type.getRawClass();
    if (Collection.class.isAssignableFrom(raw) || raw == Optional.class) {
      walk(type.containedType(0), path);
    } else if (raw.isEnum()) {
      Arrays.stream(raw.getFields())
          .filter(Field::isEnumConstant)
          .flatMap(PayloadsTest::readNames)
          .forEach(each -> names.add(path + " = " + each));
    } else if (raw.isSealed()) {
      members(raw, path).forEach(each -> walk(JSON.constructType(each.value()), at(path, each)));
    } else if (raw.isRecord()) {
      names.add(path);
      BeanDescription record = JSON.getSerializationConfig().introspect(type);
      record
          .findProperties()
          .forEach(
              each ->
                  walk(each.getPrimaryType(), isUnwrapped(each) ? path : at(path, each.getName())));
    } else {
      assertThat(raw.getName()).as(path).doesNotStartWith("io.espalier");
      names.add(path);
    }
  }

  /** Whether the names of a component's own components stand in its place. */
  private static boolean isUnwrapped(BeanPropertyDefinition component) {
    return component.getPrimaryMember().hasAnnotation(JsonUnwrapped.class);
  }

  /** The names by which a constant is read: its own, and those that it had before. */
  private static Stream<String> readNames(Field constant) {
    JsonAlias before = constant.getAnnotation(JsonAlias.class);
    return Stream.concat(
        Stream.of(constant.getName()),
        before == null ? Stream.empty() : Arrays.stream(before.value()));
  }

  private static List<JsonSubTypes.Type> members(Class<?> family, String path) {
    JsonTypeInfo info = family.getAnnotation(JsonTypeInfo.class);
    JsonSubTypes named = family.getAnnotation(JsonSubTypes.class);
    assertThat(info).as(path).isNotNull();
    assertThat(info.use()).as(path).isEqualTo(JsonTypeInfo.Id.NAME);
    List<JsonSubTypes.Type> members = List.of(named.value());
    assertThat(members).as(path).allSatisfy(each -> assertThat(each.name()).isNotEmpty());
    assertThat(members.stream().<Class<?>>map(JsonSubTypes.Type::value))
        .as(path)
        .containsExactlyInAnyOrderElementsOf(leaves(family).toList());
    return members;
  }

  private static Stream<Class<?>> leaves(Class<?> type) {
    return type.isSealed()
        ? Arrays.stream(type.getPermittedSubclasses()).flatMap(PayloadsTest::leaves).distinct()
        : Stream.of(type);
  }

  private static String at(String path, JsonSubTypes.Type member) {
    return path + "(" + member.name() + ")";
  }

  private static String at(String path, String component) {
    return path + "." + component;
  }
}
