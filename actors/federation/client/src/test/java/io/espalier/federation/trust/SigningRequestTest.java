package io.espalier.federation.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Random;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SigningRequestTest {
  @ParameterizedTest
  @ValueSource(strings = {"secp256r1", "secp384r1"})
  void request_onAnAllowedCurve_givesItsKey(String curve) throws Exception {
    KeyPair pair = elliptic(curve);

    assertThat(SigningRequest.parse(SigningRequest.of(pair)).key()).isEqualTo(pair.getPublic());
  }

  @Test
  void request_withNamesAndExtensions_givesItsKeyOnly() throws Exception {
    // Given
    KeyPair pair = EcKeys.generate();
    ExtensionsGenerator wishes = new ExtensionsGenerator();
    wishes.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
    byte[] der =
        new JcaPKCS10CertificationRequestBuilder(new X500Name("CN=admin"), pair.getPublic())
            .addAttribute(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, wishes.generate())
            .build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate()))
            .getEncoded();

    // When
    SigningRequest request = SigningRequest.parse(der);

    // Then
    assertThat(request).isEqualTo(new SigningRequest(pair.getPublic()));
  }

  @Test
  void request_signedByAnotherKey_isRefused() {
    byte[] der = SigningRequest.of(EcKeys.generate().getPublic(), EcKeys.generate().getPrivate());

    assertThatThrownBy(() -> SigningRequest.parse(der))
        .isInstanceOf(TrustException.class)
        .hasMessageContaining("it must be signed by its own key");
  }

  @Test
  void request_withAKeyOfAnotherKind_isRefused() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);

    assertForeign(generator.generateKeyPair(), "SHA256withRSA");
    assertForeign(elliptic("secp521r1"), "SHA256withECDSA");
    assertForeign(KeyPairGenerator.getInstance("Ed25519").generateKeyPair(), "Ed25519");
  }

  private static void assertForeign(KeyPair pair, String algorithm)
      throws IOException, OperatorCreationException {
    byte[] der =
        new JcaPKCS10CertificationRequestBuilder(new X500Name("CN=device"), pair.getPublic())
            .build(new JcaContentSignerBuilder(algorithm).build(pair.getPrivate()))
            .getEncoded();

    assertThatThrownBy(() -> SigningRequest.parse(der))
        .isInstanceOf(TrustException.class)
        .hasMessageContaining("P-256 or P-384");
  }

  @Test
  void request_cutOrChangedOrFollowedByMore_isRefusedAsSuch() {
    // Given
    byte[] der = SigningRequest.of(EcKeys.generate());
    Random random = new Random(5);

    for (int length = 0; length < der.length; length++) {
      byte[] cut = Arrays.copyOf(der, length);
      byte[] changed = der.clone();
      changed[length] ^= (byte) (1 << random.nextInt(8));

      // Then
      assertThatThrownBy(() -> SigningRequest.parse(cut)).isInstanceOf(TrustException.class);
      assertThatThrownBy(() -> SigningRequest.parse(changed)).isInstanceOf(TrustException.class);
    }
    assertThatThrownBy(() -> SigningRequest.parse(Arrays.copyOf(der, der.length + 1)))
        .isInstanceOf(TrustException.class);
  }

  @Test
  void request_tooLarge_isNotRead() {
    assertThatThrownBy(() -> SigningRequest.parse(new byte[8193]))
        .isInstanceOf(TrustException.class)
        .hasMessageContaining("at most 8192 bytes: bytes=8193");
  }

  private static KeyPair elliptic(String curve) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec(curve));
    return generator.generateKeyPair();
  }
}
