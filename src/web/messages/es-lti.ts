import type { messages as english } from './en-lti';

/** As a school in the United States would say it, to grown-ups: `usted`. */
export const messages: Readonly<Record<keyof typeof english, string>> = {
  'lti.opening': 'Abriendo rollbook…',
  'lti.link.title': 'Qué enlazar',
  'lti.link.what': '¿Qué se va a enlazar en el curso?',
  'lti.link.roll': 'La lista de asistencia',
  'lti.link.roll.what': 'Los maestros toman asistencia; los estudiantes ven su propia asistencia.',
  'lti.link.month': 'Un mes de la clase',
  'lti.link.month.what': 'Los maestros ven quién estuvo; los estudiantes ven su propia asistencia.',
  'lti.link.own': 'Mi asistencia',
  'lti.link.own.what': 'Para estudiantes: su propia asistencia de este año escolar.',
  'lti.section.title': 'Qué clase',
  'lti.section.which': '¿Qué clase es este curso?',
  'lti.section.named':
    '{title} no nombra ninguna clase de los datos de la escuela. Elija la suya: rollbook la recuerda para este curso.',
  'lti.section.unnamed':
    'El curso no nombra ninguna clase de los datos de la escuela. Elija la suya: rollbook la recuerda para este curso.',
  'lti.section.unknown':
    'El LMS envía {ids} como ID de la clase, que no está en los datos de la escuela. Avise a la oficina: cuando el SIS y el LMS tengan el mismo ID, nadie tendrá que elegir.',
  'lti.section.none':
    'En los datos de la escuela no figura ninguna clase que usted imparta hoy. Quizá su periodo no ha comenzado; si no es eso, la oficina tiene que inscribirle en ella en el SIS.',
  'lti.own': 'Mi asistencia',
  'lti.own.rate': '{name}: presente el {rate} de {days, plural, one {# día} other {# días}}, desde el {from}.',
  'lti.own.no-rate': '{name}: todavía no se cuenta nada desde el {from}.',
  'lti.own.counts':
    'Ausente {absent, plural, one {# día} other {# días}}, de ellos {excused, plural, one {# justificado} other {# justificados}}; con tardanza {late, plural, one {# día} other {# días}}.',
  'lti.own.what': 'Qué fue',
  'lti.registered': 'Registrado',
  'lti.registered.what': 'rollbook está registrado',
  'lti.registered.switch-on': 'Active la herramienta en el LMS y póngala en los cursos.',
  'lti.registered.deploy':
    'Active la herramienta en el LMS. Después quien administra rollbook agrega la implementación, con estos valores: rollbook lti platform add --issuer … --client-id … --deployment … --district …',
  'lti.close': 'Cerrar',
  'lti.not-registered': 'Sin registrar',
  'lti.not-signed-in': 'Sin sesión',
  'lti.not-signed-in.what': 'Usted no ha iniciado sesión en rollbook',
  'lti.new-window': 'Abrir rollbook en una ventana nueva',
  'lti.refused': 'No se pudo abrir rollbook.',
  'lti.refused-mend': 'Vuelva a abrirlo desde el curso.',
  'lti.refused.insecure': 'Se abrió rollbook por http sin cifrar.',
  'lti.refused.insecure.mend':
    'Quien administra rollbook tiene que ponerlo detrás de TLS, y el LMS tiene que abrir su dirección https.',
  'lti.refused.registration': 'rollbook no se registró en este LMS.',
  'lti.refused.registration.mend':
    'Corrija lo que se dice aquí y vuelva a abrir el enlace. Si ya se usó o es demasiado antiguo, pida otro a quien administra rollbook: rollbook lti platform invite.',
  'lti.refused.linking': 'El LMS quiere el enlace en una dirección que no es suya.',
  'lti.refused.linking.mend':
    'Quien administra rollbook tiene que registrar también esa dirección: rollbook lti platform add --frame-origin.',
  'lti.refused.request': 'El LMS omitió algo que hace falta para abrir rollbook.',
  'lti.refused.request.mend':
    'Quien administra el LMS: revise que la herramienta sea de LTI 1.3, con la URL de inicio de sesión y la URI de redirección de rollbook.',
  'lti.refused.unregistered': 'rollbook no conoce este LMS.',
  'lti.refused.unregistered.mend':
    'Quien administra rollbook tiene que registrarlo, con este emisor y este ID de cliente: rollbook lti platform add.',
  'lti.refused.target': 'El LMS abrió una dirección que no es de rollbook.',
  'lti.refused.target.mend':
    'Quien administra el LMS: la URI de destino tiene que ser la de rollbook, /lti/launch. Quien administra rollbook: ¿es PUBLIC_URL esa dirección?',
  'lti.refused.expired': 'Pasaron más de diez minutos.',
  'lti.refused.expired.mend': 'Vuelva a abrir rollbook desde el curso.',
  'lti.refused.denied': 'El LMS no le permitió entrar.',
  'lti.refused.denied.mend': 'Vuelva a iniciar sesión en el LMS y abra rollbook desde el curso.',
  'lti.refused.token': 'No se pudo confiar en lo que envió el LMS, así que no se inició ninguna sesión.',
  'lti.refused.token.mend':
    'Vuelva a abrir rollbook desde el curso. Si sigue igual, quien administra rollbook ve en su registro qué falló.',
  'lti.refused.keys': 'En este momento no se pueden obtener las claves del LMS.',
  'lti.refused.keys.mend':
    'Inténtelo de nuevo en un momento. Si sigue igual, quien administra rollbook tiene que revisar --keys-url.',
  'lti.refused.deployment': 'rollbook no conoce esta implementación del LMS.',
  'lti.refused.deployment.mend':
    'Quien administra rollbook tiene que agregarla al distrito, con estos valores: rollbook lti platform add --issuer … --client-id … --deployment … --district …',
  'lti.refused.message': 'rollbook no conoce esta manera de abrirlo.',
  'lti.refused.message.mend': 'Quien administra el LMS: enlace rollbook como recurso (resource link).',
  'lti.refused.replayed': 'Este inicio ya se usó.',
  'lti.refused.replayed.mend': 'Vuelva a abrir rollbook desde el curso.',
  'lti.refused.cookies': 'Su navegador no guarda cookies dentro del LMS.',
  'lti.refused.cookies.mend': 'Abra rollbook en una ventana aparte.',
  'lti.refused.browser': 'No se puede saber si esto se empezó en este navegador.',
  'lti.refused.browser.mend': 'Abra rollbook en una ventana aparte, o vuelva a abrirlo desde el curso.',
  'lti.refused.role': 'El LMS no dice que usted sea maestro, estudiante o administrador aquí.',
  'lti.refused.role.mend': 'Quien administra el LMS: revise qué rol tiene usted en el curso.',
  'lti.refused.person': 'Con lo que el LMS dice de usted no se encuentra a nadie en los datos de la escuela.',
  'lti.refused.person.mend':
    'La oficina: ¿envía el LMS el ID que el SIS tiene de cada persona (lis.person_sourcedid), y está esta persona en los datos de la escuela?',
  'lti.refused.email':
    'El LMS envía su correo electrónico, pero no dice que lo haya verificado, ni envía un ID del SIS que esté en los datos de la escuela.',
  'lti.refused.email.mend':
    'Quien administra el LMS: haga que envíe el ID del SIS (lis.person_sourcedid). O quien administra rollbook, si allí nadie puede cambiar su dirección: --trust-email.',
  'lti.refused.ambiguous': 'Varias personas en los datos de la escuela tienen su ID o su correo electrónico.',
  'lti.refused.ambiguous.mend': 'La oficina tiene que corregir los datos de la escuela.',
  'lti.refused.staff':
    'El LMS dice que usted da clases aquí; en los datos de la escuela usted no figura como maestro ni como alguien de la oficina.',
  'lti.refused.staff.mend': 'La oficina tiene que corregir su rol en el SIS. El LMS no convierte a nadie en maestro.',
  'lti.refused.learner': 'El LMS dice que usted es estudiante aquí; los datos de la escuela no lo dicen.',
  'lti.refused.learner.mend':
    'Aquí solo los estudiantes ven su propia asistencia. Si usted da clases, abra rollbook como maestro. Si su rol que se muestra abajo no es correcto, la oficina tiene que corregirlo en el SIS.',
  'lti.refused.revoked': 'Se le retiró el acceso.',
  'lti.refused.revoked.mend': 'Si es un error, pida una invitación en la oficina.',
  'lti.refused.section': 'En los datos de la escuela usted no figura hoy como maestro de esta clase.',
  'lti.refused.section.mend': 'La oficina tiene que inscribirle en ella en el SIS.',
  'lti.fact.issuer': 'Emisor',
  'lti.fact.client': 'ID de cliente',
  'lti.fact.deployment': 'ID de la implementación',
  'lti.fact.target': 'Enlace de destino',
  'lti.fact.person': 'ID de la persona',
  'lti.fact.email': 'Correo electrónico',
  'lti.fact.section': 'ID de la clase',
  'lti.fact.role': 'Rol en los datos de la escuela',
  'lti.fact.error': 'Qué dice el LMS',
  'lti.fact.description': 'Más detalles',
  'lti.fact.message': 'Mensaje',
  'lti.fact.version': 'Versión',
};
