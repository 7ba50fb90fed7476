package io.espalier.service.journal;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.ActorSystem;
import akka.persistence.typed.javadsl.EventSourcedBehavior;
import akka.serialization.Serialization;
import akka.serialization.SerializationExtension;
import akka.serialization.Serializers;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.typesafe.config.ConfigFactory;
import io.espalier.service.RunKind;
import io.espalier.service.ServiceMessage;
import io.espalier.service.notice.Notice;
import io.espalier.service.run.JournaledRun;
import io.espalier.service.run.LifecycleEvent;
import io.espalier.service.run.RunSpec;
import io.espalier.service.run.SchedulerEvent;
import io.espalier.service.run.SchedulerState;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

final class ManifestsTest {
  private static final int SERIALIZER_ID = 33;
  private static final ActorSystem SYSTEM =
      ActorSystem.create(
          "manifests",
          ConfigFactory.parseString("akka.actor.provider = local")
              .withFallback(ConfigFactory.parseResources("service.conf"))
              .withFallback(ConfigFactory.load()));
  private static final Serialization SERIALIZATION = SerializationExtension.get(SYSTEM);

  private static final JournaledRun.Recorded EVENT =
      new JournaledRun.Recorded(
          Instant.EPOCH,
          "writer",
          new LifecycleEvent.Submitted(
              new RunSpec("run", RunKind.TRAINING, "", 0, 1, 512, true, Instant.EPOCH)));
  private static final Map<String, Object> JOURNALLED =
      Map.of(
          "run-event",
          EVENT,
          "run-snapshot",
          JournaledRun.unsubmitted("run-1").after(EVENT),
          "scheduler-event",
          new SchedulerEvent.Noted("writer", new SchedulerEvent.Forgotten("run-1")),
          "scheduler-snapshot",
          new SchedulerState.Saved(
              List.of(),
              List.of("run-1"),
              1,
              "writer",
              Optional.empty(),
              List.of(
                  new SchedulerEvent.Owed(Notice.ofTest(Instant.EPOCH), List.of("ops", "team")))));

  @AfterAll
  static void end() {
    SYSTEM.terminate();
  }

  @Test
  void manifests_areTheseForEver() {
    JOURNALLED.forEach(
        (manifest, each) -> {
          // When
          byte[] bytes = SERIALIZATION.serialize(each).get();

          // Then
          assertThat(manifest(each)).isEqualTo(manifest);
          assertThat(SERIALIZATION.findSerializerFor(each).identifier()).isEqualTo(SERIALIZER_ID);
          assertThat(read(bytes, manifest)).isEqualTo(each);
        });
  }

  @Test
  void classNames_ofVersion01_areReadAsWell() {
    Map<String, String> before =
        Map.of(
            "io.espalier.actors.service.lifecycle.Run$Recorded", "run-event",
            "io.espalier.actors.service.lifecycle.Run", "run-snapshot",
            "io.espalier.actors.service.schedule.SchedulerEvent$Noted", "scheduler-event",
            "io.espalier.actors.service.schedule.Register$Saved", "scheduler-snapshot");
    before.forEach(
        (className, manifest) -> {
          // Given
          Object journalled = JOURNALLED.get(manifest);

          // When
          byte[] bytes = SERIALIZATION.serialize(journalled).get();

          // Then
          assertThat(read(bytes, className)).isEqualTo(journalled);
        });
  }

  /** What only travels between nodes, such as events and states without their frame. */
  @Test
  void messages_haveTheNamesOfTheirClasses() {
    // Given
    LifecycleEvent message = new LifecycleEvent.Checkpointed(3);

    // When, then
    assertThat(manifest(message)).isEqualTo(LifecycleEvent.Checkpointed.class.getName());
  }

  @Test
  void eventsAndSnapshots_ofEachPersistentActor_haveManifests() {
    // Given
    List<Class<?>> journalled =
        new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("io.espalier.service")
                .that(JavaClass.Predicates.assignableTo(EventSourcedBehavior.class))
                .stream()
                .filter(each -> !each.getModifiers().contains(JavaModifier.ABSTRACT))
                .flatMap(each -> journalledBy(each.reflect()))
                .toList();

    // When, then
    assertThat(journalled).hasSize(JOURNALLED.size());
    assertThat(journalled)
        .allSatisfy(type -> assertThat(Manifests.of(type)).as(type.getName()).isPresent());
  }

  /** The event, and the state or what a snapshot has in its place. */
  private static Stream<Class<?>> journalledBy(Class<?> actor) {
    Type[] parameters = ((ParameterizedType) actor.getGenericSuperclass()).getActualTypeArguments();
    Class<?> state = (Class<?>) parameters[2];
    Stream<Class<?>> snapshots =
        Stream.concat(Stream.of(state), Arrays.stream(state.getDeclaredClasses()))
            .filter(ServiceMessage.class::isAssignableFrom)
            .filter(type -> !type.equals(parameters[1]));
    return Stream.concat(Stream.of((Class<?>) parameters[1]), snapshots);
  }

  private static String manifest(Object message) {
    return Serializers.manifestFor(SERIALIZATION.findSerializerFor(message), message);
  }

  private static Object read(byte[] bytes, String manifest) {
    return SERIALIZATION.deserialize(bytes, SERIALIZER_ID, manifest).get();
  }
}
