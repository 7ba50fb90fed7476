/** Trust between clients and server: certificates, enrolment tokens and the register of clients. */
package io.espalier.federation.trust;
