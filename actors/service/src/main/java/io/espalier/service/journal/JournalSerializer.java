package io.espalier.service.journal;

import akka.actor.ExtendedActorSystem;
import akka.serialization.jackson.JacksonObjectMapperProvider;
import akka.serialization.jackson.JacksonSerializer;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import java.util.Optional;

/**
 * Akka's {@code jackson-cbor} with the {@link Manifests} of the journal; messages between nodes
 * keep the name of their class. The identifier is that of Akka's own serializer, which older rows
 * have.
 */
final class JournalSerializer extends JacksonSerializer {
  JournalSerializer(ExtendedActorSystem system, String binding) {
    super(
        system,
        binding,
        JacksonObjectMapperProvider.get(system)
            .getOrCreate(binding, Optional.of(new CBORFactory())));
  }

  @Override
  public String manifest(Object message) {
    String className = super.manifest(message);
    return Manifests.of(message.getClass()).orElse(className);
  }

  @Override
  public Object fromBinary(byte[] bytes, String manifest) {
    return super.fromBinary(bytes, Manifests.className(manifest));
  }
}
