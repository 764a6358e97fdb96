#!/bin/sh
# Makes the certificates of this folder anew, valid from 2020 to 2120. They protect nothing: everybody has their keys.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT
cat > "$work/ca.conf" <<END
[ca]
default_ca = ca_default
[ca_default]
database = $work/index.txt
new_certs_dir = $work
rand_serial = yes
unique_subject = no
default_md = sha256
policy = policy
[policy]
commonName = supplied
[authority]
basicConstraints = critical,CA:TRUE
subjectKeyIdentifier = hash
[member]
basicConstraints = critical,CA:FALSE
subjectAltName = DNS:localhost,IP:127.0.0.1
[named]
basicConstraints = critical,CA:FALSE
subjectAltName = DNS:localhost
[service]
basicConstraints = critical,CA:FALSE
subjectAltName = DNS:localhost,IP:127.0.0.1,DNS:tested
END
: > "$work/index.txt"

# folder of the key, name
request() {
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$2" -keyout "$1/$2.key.pem" -out "$work/$2.csr"
}
# name, certificate, kind, and who signs
sign() {
  name=$1 out=$2 kind=$3
  shift 3
  openssl ca -batch -notext -config "$work/ca.conf" -extensions "$kind" -startdate 20200101000000Z \
    -enddate 21200101000000Z -in "$work/$name.csr" -out "$out" "$@"
}
authority() {
  request "$work" "$1"
  sign "$1" "$work/$1.pem" authority -selfsign -keyfile "$work/$1.key.pem"
}
# name, who signs, kind
member() {
  request . "$1"
  sign "$1" "$1.pem" "${3:-member}" -cert "$work/$2.pem" -keyfile "$work/$2.key.pem"
}

{
  authority test-authority
  authority other-authority
  member provider test-authority
  member provider-renewed test-authority
  member caller test-authority
  member stranger other-authority
  member provider-by-name test-authority named
  member tested-service test-authority service
  cp "$work/test-authority.pem" "$work/other-authority.pem" .
} 2> /dev/null
